import { ArchitechError } from "@architech/protocol";
import { simulate as engine } from "../simulation/simulate.js";
import type { Job, JobSource, Lane } from "./job.js";
import { RunTables, type Simulate, taskRows } from "./task-rows.js";
import { control } from "./worker-messages.js";

/** Works in this thread, for work so small that it would be over before a worker thread has started. Yields between slices. */
export class InlineLane implements Lane {
  readonly #simulator: string | undefined;
  #tables: { run: string; tables: RunTables } | undefined;
  #busy = false;

  /** `simulator`: a module to use in place of the engine. */
  constructor(simulator: string | undefined) {
    this.#simulator = simulator;
  }

  get busy(): boolean {
    return this.#busy;
  }

  start(source: JobSource, job: Job, done: (outcome: "free") => void): void {
    this.#busy = true;
    void this.#work(source, job).finally(() => {
      this.#busy = false;
      done("free");
    });
  }

  forget(run: string): void {
    if (this.#tables?.run === run) this.#tables = undefined;
  }

  async stop(): Promise<void> {}

  async #simulate(): Promise<Simulate> {
    if (this.#simulator === undefined) return engine;
    return ((await import(this.#simulator)) as { simulate: Simulate }).simulate;
  }

  async #work(source: JobSource, job: Job): Promise<void> {
    // What is done here is over soon, or known nowhere else.
    if (job.from !== undefined) job.refused?.("work in this thread begins anew");
    try {
      const simulate = await this.#simulate();
      if (this.#tables?.run !== source.run) this.#tables = { run: source.run, tables: new RunTables(source.shape) };
      const rows = taskRows(job.task, {
        cutMs: source.cutMs,
        metric: source.metric,
        tables: this.#tables.tables,
        simulate,
      });
      let yielded = performance.now();
      for (;;) {
        if (Atomics.load(job.control, control.stop) === 1) {
          rows.return(undefined as never);
          return job.end(undefined);
        }
        const { done, value } = rows.next();
        if (done === true) return job.end(value);
        if (value.type === "batch") job.batch(value.table, value.bytes);
        else if (value.type === "log") job.log(value.rows);
        else if (value.type === "slice") job.share(value.share);
        if (performance.now() - yielded < 8) continue;
        await new Promise((resolve) => setImmediate(resolve));
        yielded = performance.now();
      }
    } catch (cause) {
      job.end(
        undefined,
        cause instanceof ArchitechError
          ? cause
          : new ArchitechError("task-failed", cause instanceof Error ? cause.message : String(cause), { cause }),
      );
    }
  }
}
