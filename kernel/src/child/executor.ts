import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { Command, Failure, Outcome } from "../process/messages.js";
import type { Reporter } from "./reporter.js";
import type { RunState } from "./run-state.js";
import { type Accessors, type Declared, Scope } from "./scope.js";
import { bundleOf } from "./shown.js";
import type { Tracebacks } from "./traceback.js";

type Run = Extract<Command, { type: "run" }>;
type CellFunction = (...parameters: unknown[]) => Promise<unknown>;

/** Runs cells that were already compiled, one at a time. */
export class Executor {
  readonly #folder: string;
  readonly #reporter: Reporter;
  readonly #state: RunState;
  readonly #tracebacks: Tracebacks;
  readonly #scope = new Scope();
  #current: { run: number; declared?: Declared; outcome?: Outcome } | undefined;

  constructor(folder: string, reporter: Reporter, state: RunState, tracebacks: Tracebacks) {
    this.#folder = folder;
    this.#reporter = reporter;
    this.#state = state;
    this.#tracebacks = tracebacks;
  }

  /** Starts a cell; its end is reported. */
  start(command: Run): void {
    this.#tracebacks.add(command.cell, command);
    this.#current = { run: command.run };
    this.#state.start(command.run);
    this.#reporter
      .during(command.run, () => this.#evaluate(command))
      .then(
        (outcome) => this.#finish(command.run, outcome),
        (error: unknown) => this.#finish(command.run, { status: "error", failure: this.#tracebacks.failure(error) }),
      );
  }

  /** Ends a run from outside, whatever it waits for. */
  interrupt(run: number): void {
    this.#finish(run, { status: "error", failure: interrupted });
  }

  async #evaluate(command: Run): Promise<Outcome> {
    const filename = join(this.#folder, `__cell_${command.cell}.ts`);
    const script = new vm.Script(command.javascript, {
      filename,
      lineOffset: -1,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const cell = script.runInThisContext() as CellFunction;
    const declare = (accessors: Accessors): void => {
      if (this.#current?.run === command.run) this.#current.declared = this.#scope.declare(accessors);
    };
    const require = createRequire(filename);
    const meta = { url: pathToFileURL(filename).href, filename, dirname: this.#folder };
    const parameters = [this.#scope.values, declare, defaultOf, meta, require, filename, dirname(filename)];
    const value = await cell.apply(undefined, parameters);
    const result = await bundleOf(value);
    return { status: "ok", ...(result ? { result } : {}) };
  }

  #finish(run: number, outcome: Outcome): void {
    const current = this.#current;
    if (current?.run !== run) return;
    current.outcome ??= outcome;
    if (!this.#state.finish(run)) return;
    this.#current = undefined;
    const lost = current.declared?.settle() ?? [];
    this.#reporter.send({ type: "done", outcome: current.outcome, lost }, run);
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
