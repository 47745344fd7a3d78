import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Machine } from "../engine/machine.js";
import { partState } from "../parts/exchange.js";
import { NotParted } from "../parts/part.js";
import { PartRunner } from "../parts/part-runner.js";
import { type PartState, takeState } from "../parts/part-state.js";
import { actOn, type Parts, type ScalingAct } from "../parts/parts.js";
import type { Compiled } from "../simulation/compile.js";
import type { Cut } from "../simulation/cut.js";
import { Hastening } from "../simulation/hastening.js";
import { machineOfPart } from "../simulation/parted.js";
import type { Task } from "../simulation/task.js";
import type { PartAnswer, PartCommand, PartGiven } from "./part-messages.js";
import { SharedExchange, sharedWindows } from "./shared-exchange.js";

/** How long this thread waits for the others before it lets its caller look at the clock. */
const patienceMs = 5;
/** How long another may take for what it does between two looks: a window, or to begin. */
const mostMs = 20_000;

/** Threads that have no part now. They keep no process alive. */
const idle: Worker[] = [];

function thread(): Worker {
  const known = idle.pop();
  if (known !== undefined) return known;
  const worker = new Worker(new URL("./part-worker.js", import.meta.url), { execArgv: [] });
  worker.unref();
  // What has ended is not used again; whoever waits for it hears of it by its silence.
  worker.on("error", () => {});
  worker.on("exit", () => {
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
  });
  return worker;
}

/** A part in another thread. */
interface Other {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly observed: number[];
}

/** The parts of a model in several threads, the first of them in this one. It waits for them without going back to the event loop. */
export class PartThreads implements Parts {
  windows = 0;
  readonly #exchange: SharedExchange;
  readonly #runner: PartRunner;
  readonly #machine: Machine;
  readonly #others: readonly Other[];
  readonly #hastening: Hastening;
  readonly #untilMs: number;
  readonly #said = new Int32Array(new SharedArrayBuffer(8));
  readonly #observed: number[] = [];
  /** Whether the others go from window to window, and whether this part has taken what they handed out last. */
  #isGoing = false;
  #hasTaken = false;
  #silentSince = 0;

  /** `room`: messages of a part in a window for which there is room in the memory that they share. */
  constructor(task: Task, cut: Cut, compiled: Compiled, room?: number) {
    const { parts, latencies } = cut;
    const shared = sharedWindows(parts, room);
    this.#exchange = new SharedExchange(shared, 0);
    this.#others = Array.from({ length: parts - 1 }, (_, i) => {
      const { port1, port2 } = new MessageChannel();
      const worker = thread();
      const given: PartGiven = { task, part: i + 1, of: cut.of, latencies, shared, said: this.#said, port: port2 };
      worker.postMessage(given, [port2]);
      port1.unref();
      return { worker, port: port1, observed: [] };
    });
    this.#machine = machineOfPart(task, 0, compiled, this.#observed);
    this.#hastening = new Hastening(this.#machine, compiled.program);
    this.#untilMs = task.options.untilMs;
    this.#runner = new PartRunner(this.#machine, 0, latencies, this.#exchange, task.options.bounds.maxInside);
  }

  get events(): number {
    return this.#runner.events;
  }

  get now(): number {
    return this.#runner.now;
  }

  get isFull(): boolean {
    return this.#runner.state === partState.full;
  }

  run(limit: number, budget: number): boolean {
    const runner = this.#runner;
    const most = runner.events + budget;
    if (!this.#isGoing) {
      this.#isGoing = true;
      this.#ask({ type: "run" });
      runner.give(limit);
    } else if (this.#hasTaken) this.#window(limit);
    this.#hasTaken = false;
    for (;;) {
      if (!this.#wait()) return false;
      runner.take();
      if (runner.state !== partState.well) this.#isGoing = false;
      if (runner.state === partState.tied) throw NotParted.tied(runner.moment);
      if (this.isFull) return false;
      if (runner.isReached) {
        this.#isGoing = false;
        // It may have been the limit of an earlier call.
        return runner.limit >= limit;
      }
      if (runner.events >= most) {
        this.#hasTaken = true;
        return false;
      }
      this.#window(limit);
    }
  }

  #window(limit: number): void {
    this.#runner.run(limit);
    this.#hastening.consider(this.#runner.now / this.#untilMs);
    this.windows++;
  }

  /** Whether the window is over everywhere. */
  #wait(): boolean {
    if (this.#exchange.wait(patienceMs)) {
      this.#silentSince = 0;
      return true;
    }
    this.#hear();
    const now = performance.now();
    if (this.#silentSince === 0) this.#silentSince = now;
    if (now - this.#silentSince > mostMs) throw new NotParted(`another thread did not answer for ${mostMs / 1000} s`);
    return false;
  }

  states(): readonly PartState[] {
    this.#ask({ type: "state" });
    const own = takeState(this.#machine);
    return [own, ...this.#others.map((other) => this.#stateOf(other))];
  }

  #stateOf(other: Other): PartState {
    const begun = performance.now();
    for (;;) {
      const said = Atomics.load(this.#said, 1);
      const answer = receiveMessageOnPort(other.port)?.message as PartAnswer | undefined;
      if (answer?.type === "failed") throw new Error(answer.message);
      if (answer !== undefined) {
        other.observed.push(...answer.observed);
        return answer.state;
      }
      if (performance.now() - begun > mostMs)
        throw new NotParted(`another thread did not answer for ${mostMs / 1000} s`);
      Atomics.wait(this.#said, 1, said, 100);
    }
  }

  /** Throws what another thread has found to be wrong, while it says nothing else. */
  #hear(): void {
    for (const { port } of this.#others) {
      const answer = receiveMessageOnPort(port)?.message as PartAnswer | undefined;
      if (answer?.type === "failed") throw new Error(answer.message);
    }
  }

  act(part: number, act: ScalingAct): void {
    if (part === 0) actOn(this.#machine, act);
    else {
      this.#others[part - 1]!.port.postMessage({ type: "act", act } satisfies PartCommand);
      this.#call();
    }
  }

  sample(site: number): number {
    return this.#machine.sample(site);
  }

  observed(): readonly (readonly number[])[] {
    return [this.#observed.splice(0), ...this.#others.map((other) => other.observed.splice(0))];
  }

  close(): void {
    if (this.#exchange.isClosed) return;
    this.#exchange.close();
    this.#call();
    for (const { worker, port } of this.#others) {
      port.close();
      idle.push(worker);
    }
  }

  #ask(command: PartCommand): void {
    for (const { port } of this.#others) port.postMessage(command);
    this.#call();
  }

  #call(): void {
    Atomics.add(this.#said, 0, 1);
    Atomics.notify(this.#said, 0);
  }
}

/** Starts the parts of a task in threads of their own. */
export function startPartThreads(task: Task, cut: Cut, compiled: Compiled): Parts {
  return new PartThreads(task, cut, compiled);
}
