import type { ConverterThread } from "../converter/converter-thread.js";
import type { Iopub } from "../jupyter/iopub.js";
import type { Message } from "../jupyter/message.js";
import type { Bundle, Failure, Outcome } from "../process/messages.js";
import type { History } from "./history.js";
import { pageFor } from "./pager.js";
import type { Runner } from "./runner.js";
import { typeFailure } from "./type-errors.js";

/** The options of an execute request, with the protocol's defaults. */
interface Options {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly stopOnError: boolean;
  readonly expressions: Readonly<Record<string, string>>;
}

/** What execution needs of the kernel. */
export interface ExecutionParts {
  readonly converter: ConverterThread;
  readonly runner: Runner;
  readonly iopub: Iopub;
  readonly history: History;
  reply(request: Message, content: Record<string, unknown>): void;
}

/** Runs execute requests one after another in the order they came. */
export class Execution {
  readonly #parts: ExecutionParts;
  readonly #queue: Message[] = [];
  #current: Message | undefined;
  #interrupted = false;
  #count = 0;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
  }

  /** The request that is being executed. */
  get current(): Message | undefined {
    return this.#current;
  }

  add(request: Message): void {
    this.#queue.push(request);
    if (this.#queue.length === 1 && !this.#current) void this.#work();
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#parts.runner.interrupt();
  }

  async #work(): Promise<void> {
    for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
      this.#current = request;
      this.#interrupted = false;
      const options = optionsOf(request.content);
      this.#parts.iopub.status("busy", request.header);
      const failed = await this.#execute(request, options).catch((error: unknown) => this.#broken(request, error));
      this.#parts.iopub.status("idle", request.header);
      this.#current = undefined;
      if (failed && options.stopOnError) await this.#abort();
    }
  }

  /** Executes one request, replies, and says whether it failed. */
  async #execute(request: Message, options: Options): Promise<boolean> {
    const { iopub, history, converter } = this.#parts;
    const stored = options.storeHistory && !options.silent;
    const count = stored ? ++this.#count : this.#count;
    if (!options.silent) iopub.publish("execute_input", { code: options.code, execution_count: count }, request.header);
    const page = await pageFor(converter, options.code);
    const outcome = page ? { status: "ok" as const } : await this.#run(options.code, String(count), request);
    if (stored) history.add(count, options.code, textOf(outcome));
    if (outcome.status === "error") {
      const content = errorContent(outcome.failure);
      if (!options.silent) iopub.publish("error", content, request.header);
      this.#parts.reply(request, { status: "error", execution_count: count, ...content });
      return true;
    }
    if (outcome.result && !options.silent)
      iopub.publish("execute_result", { execution_count: count, ...outcome.result }, request.header);
    const expressions = await this.#evaluate(options.expressions, request);
    this.#parts.reply(request, {
      status: "ok",
      execution_count: count,
      user_expressions: expressions,
      payload: page ? [page] : [],
    });
    return false;
  }

  async #run(code: string, label: string, request: Message): Promise<Outcome> {
    if (code.trim() === "") return { status: "ok" };
    const { converter, runner } = this.#parts;
    const conversion = await converter.convert(code);
    if (!conversion.ok) return { status: "error", failure: typeFailure(conversion.problems) };
    const { compiled } = conversion;
    const { traceparent } = request.metadata;
    const trace = typeof traceparent === "string" ? { traceparent } : {};
    const end = runner.run({ compiled, label, source: code, parent: request.header, ...trace });
    // what came while the types were checked finds the run only now
    if (this.#interrupted) runner.interrupt();
    const { outcome, lost } = await end;
    if (lost.length > 0) await converter.forget(compiled.cell, lost);
    return outcome;
  }

  async #evaluate(expressions: Options["expressions"], request: Message): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const outcome = await this.#run(`(${code}\n)`, name, request);
      values[name] =
        outcome.status === "ok"
          ? { status: "ok", ...(outcome.result ?? nothing) }
          : { status: "error", ...errorContent(outcome.failure) };
    }
    return values;
  }

  /** Refuses what was asked before the error was known. */
  async #abort(): Promise<void> {
    // requests that have arrived but were not yet read come first
    await new Promise((resolve) => setImmediate(resolve));
    for (const request of this.#queue.splice(0)) {
      this.#parts.iopub.status("busy", request.header);
      this.#parts.reply(request, { status: "aborted" });
      this.#parts.iopub.status("idle", request.header);
    }
  }

  #broken(request: Message, error: unknown): boolean {
    const message = error instanceof Error ? error.message : String(error);
    const content = { ename: "KernelError", evalue: message, traceback: [`KernelError: ${message}`] };
    this.#parts.iopub.publish("error", content, request.header);
    this.#parts.reply(request, { status: "error", execution_count: this.#count, ...content });
    return true;
  }
}

const nothing: Bundle = { data: { "text/plain": "undefined" }, metadata: {} };

const errorContent = ({ name, message, traceback }: Failure): Record<string, unknown> => ({
  ename: name,
  evalue: message,
  traceback,
});

function textOf(outcome: Outcome): string | null {
  const text = outcome.status === "ok" ? outcome.result?.data["text/plain"] : undefined;
  return typeof text === "string" ? text : null;
}

function optionsOf(content: Record<string, unknown>): Options {
  const { code, silent, store_history, stop_on_error, user_expressions } = content;
  return {
    code: typeof code === "string" ? code : "",
    silent: silent === true,
    storeHistory: store_history !== false,
    stopOnError: stop_on_error !== false,
    expressions:
      typeof user_expressions === "object" && user_expressions !== null
        ? (user_expressions as Record<string, string>)
        : {},
  };
}
