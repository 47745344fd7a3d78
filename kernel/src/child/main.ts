// The process in which cells run. It knows no Jupyter and no TypeScript: compiled cells come in, reports go out.
import "../compile-cache.js";
import { register } from "node:module";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Command } from "../process/messages.js";
import { packetReader, pipes } from "../process/packets.js";
import { Comms } from "./comms.js";
import { createDisplay } from "./display.js";
import { Executor } from "./executor.js";
import { installHost } from "./host.js";
import { Inputs } from "./input.js";
import { Interrupted } from "./interruption.js";
import { Reporter } from "./reporter.js";
import { RunState } from "./run-state.js";
import { captureStreams } from "./streams.js";
import { Tracebacks } from "./traceback.js";

const folder = process.cwd();
const kernelFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const reporter = new Reporter();
const state = new RunState();
const tracebacks = new Tracebacks(kernelFolder);
const executor = new Executor(folder, reporter, state, tracebacks);
const comms = new Comms(reporter);
const inputs = new Inputs(reporter);

// an interrupt from the keyboard reaches the whole process group; the kernel decides what it means
process.on("SIGINT", () => {});
process.on("uncaughtException", (error) => complain("uncaught", error));
process.on("unhandledRejection", (reason) => {
  if (!(reason instanceof Interrupted)) complain("unhandled rejection", reason);
});
// tracebacks name the lines of modules in TypeScript, not of what they were compiled to
process.setSourceMapsEnabled(true);

/** What no cell waits for any more is reported, and ends nothing. */
function complain(what: string, thrown: unknown): void {
  reporter.stream("stderr", `${what}: ${tracebacks.failure(thrown).traceback.join("\n")}\n`);
}

captureStreams(reporter);
installHost(reporter, comms);
Object.assign(globalThis, {
  display: createDisplay(reporter),
  comms,
  input: (prompt = "", { password = false } = {}) => inputs.ask(String(prompt), password),
});

register("./modules.js", import.meta.url, { data: { kernelUrl: import.meta.url } });

const interrupter = new Worker(new URL("./interrupter.js", import.meta.url), { workerData: state.shared });
interrupter.on("message", (run: number) => executor.interrupt(run));
interrupter.unref();

function obey(command: Command): void {
  if (command.type === "run") executor.start(command);
  else if (command.type === "input") inputs.receive(command);
  else comms.receive(command);
}

const commands = new Socket({ fd: pipes.commands, readable: true, writable: false });
// a cell that is terminated takes its whole stack with it, so each command starts a stack of its own
commands.on(
  "data",
  packetReader<Command>((command) => void setImmediate(obey, command)),
);
commands.on("close", () => process.exit());

reporter.send({ type: "ready" }, 0);
