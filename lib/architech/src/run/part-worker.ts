import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import { loadSpecialiser } from "../engine/specialiser.js";
import { partState, type WindowBarrier } from "../parts/exchange.js";
import { PartRunner } from "../parts/part-runner.js";
import { takeState } from "../parts/part-state.js";
import { actOn } from "../parts/parts.js";
import { compile } from "../simulation/compile.js";
import { Cut } from "../simulation/cut.js";
import { Hastening } from "../simulation/hastening.js";
import { machineOfPart } from "../simulation/parts-wanted.js";
import type { PartAnswer, PartCommand, PartGiven } from "./part-messages.js";
import { PortExchange } from "./port-exchange.js";
import { SharedExchange } from "./shared-exchange.js";

// The body of a thread that simulates parts of models, one at a time.

/** How long it sleeps at most before it looks whether it is needed. */
const lookMs = 1_000;

// While it works it does not come back to the event loop, which loading needs.
await loadSpecialiser();

parentPort?.on("message", (given: PartGiven) => {
  try {
    work(given);
  } catch (cause) {
    say(given, { type: "failed", message: cause instanceof Error ? cause.message : String(cause) });
  }
  given.port.close();
  if (given.windows.type === "port") given.windows.port.close();
});

function say({ port, said }: PartGiven, answer: PartAnswer): void {
  port.postMessage(answer);
  Atomics.add(said, 1, 1);
  Atomics.notify(said, 1);
}

function work(given: PartGiven): void {
  const { task, part, windows, said, port } = given;
  const { parts, of, latencies } = given.cut;
  const exchange =
    windows.type === "shared" ? new SharedExchange(windows, part) : new PortExchange(windows, part, parts);
  const observed: number[] = [];
  const compiled = compile(task.model, new Cut(parts, of, latencies));
  const machine = machineOfPart(task, part, compiled, observed);
  const hastening = new Hastening(machine, compiled.program);
  const runner = new PartRunner(machine, part, latencies, exchange, task.options.bounds.maxInside);
  if (given.from !== undefined) runner.load(given.from);
  for (;;) {
    const heard = Atomics.load(said, 0);
    const command = receiveMessageOnPort(port)?.message as PartCommand | undefined;
    if (command === undefined) {
      if (exchange.isClosed) return;
      Atomics.wait(said, 0, heard, lookMs);
    } else if (command.type === "run")
      follow(runner, exchange, () => hastening.consider(runner.now / task.options.untilMs));
    else if (command.type === "act") actOn(machine, command.act);
    else if (command.type === "save") say(given, { type: "saved", saved: runner.save() });
    else say(given, { type: "state", state: takeState(machine), observed: observed.splice(0) });
  }
}

/** Goes from window to window until all have come to the limit, or it cannot go on. */
function follow(runner: PartRunner, exchange: WindowBarrier, consider: () => void): void {
  runner.give();
  for (;;) {
    while (!exchange.wait(lookMs)) if (exchange.isClosed) return;
    runner.take();
    if (runner.state !== partState.well || runner.isReached) return;
    runner.run();
    consider();
  }
}
