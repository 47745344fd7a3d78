import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { Command, Failure, Outcome } from "../process/messages.js";
import { Interruption } from "./interruption.js";
import type { Reporter } from "./reporter.js";
import type { RunState } from "./run-state.js";
import { type Accessors, type Declared, Scope } from "./scope.js";
import { bundleOf } from "./shown.js";
import { inTrace } from "./trace.js";
import type { Tracebacks } from "./traceback.js";

type Run = Extract<Command, { type: "run" }>;
type CellFunction = (...parameters: unknown[]) => Promise<unknown>;

interface Current {
  readonly run: number;
  readonly interruption: Interruption;
  declared?: Declared;
  outcome?: Outcome;
}

/** Runs cells that were already compiled, one at a time. */
export class Executor {
  readonly #folder: string;
  readonly #reporter: Reporter;
  readonly #state: RunState;
  readonly #tracebacks: Tracebacks;
  readonly #scope = new Scope();
  #current: Current | undefined;
  /** The newest run that was to be interrupted; the interrupt may come before the run. */
  #interrupted = 0;

  constructor(folder: string, reporter: Reporter, state: RunState, tracebacks: Tracebacks) {
    this.#folder = folder;
    this.#reporter = reporter;
    this.#state = state;
    this.#tracebacks = tracebacks;
  }

  /** Starts a cell; its end is reported. */
  start(command: Run): void {
    if (!this.#state.start()) {
      setImmediate(() => this.start(command));
      return;
    }
    const current: Current = { run: command.run, interruption: new Interruption() };
    this.#tracebacks.add(command.cell, command);
    this.#current = current;
    this.#reporter.run = command.run;
    if (this.#interrupted >= command.run) {
      this.#finish(current, { status: "error", failure: interrupted });
      return;
    }
    inTrace(command.traceparent, () => this.#evaluate(command, current)).then(
      (outcome) => this.#finish(current, outcome),
      (error: unknown) => this.#finish(current, { status: "error", failure: this.#tracebacks.failure(error) }),
    );
  }

  /** Ends a run from outside, whatever it waits for. */
  interrupt(run: number): void {
    if (run === 0) return;
    this.#state.hear(run);
    this.#interrupted = Math.max(this.#interrupted, run);
    const current = this.#current;
    if (current?.run !== run) return;
    const outcome: Outcome = { status: "error", failure: interrupted };
    current.outcome ??= outcome;
    current.interruption.fire();
    // the `finally` blocks of the cell come first
    setImmediate(() => this.#finish(current, outcome));
  }

  async #evaluate(command: Run, current: Current): Promise<Outcome> {
    const filename = join(this.#folder, `__cell_${command.cell}.ts`);
    const script = new vm.Script(command.javascript, {
      filename,
      lineOffset: -1,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const cell = script.runInThisContext() as CellFunction;
    const declare = (accessors: Accessors): void => {
      current.declared = this.#scope.declare(accessors);
    };
    const { wait, each } = current.interruption;
    const meta = { url: pathToFileURL(filename).href, filename, dirname: this.#folder };
    const kernelParts = [this.#scope.values, declare, defaultOf, wait, each, meta];
    const value = await cell.apply(undefined, [...kernelParts, createRequire(filename), filename, dirname(filename)]);
    const result = await bundleOf(value);
    return { status: "ok", ...(result ? { result } : {}) };
  }

  #finish(current: Current, outcome: Outcome): void {
    if (this.#current !== current) return;
    current.outcome ??= outcome;
    if (!this.#state.settle()) return;
    this.#current = undefined;
    const lost = current.declared?.settle() ?? [];
    this.#reporter.send({ type: "done", outcome: current.outcome, lost }, current.run);
    this.#state.finish(current.run);
  }
}

/** What `import x from "m"` means: the default export, also of a CommonJS module that was compiled from an ES module. */
function defaultOf(module: { default?: unknown }): unknown {
  const value = module.default as { __esModule?: boolean; default?: unknown } | undefined;
  return value?.__esModule === true && "default" in value ? value.default : value;
}

const interrupted: Failure = {
  name: "Interrupted",
  message: "the cell was interrupted",
  traceback: ["\u001b[31m\u001b[1mInterrupted\u001b[22m\u001b[39m: the cell was interrupted"],
};
