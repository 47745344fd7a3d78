import { ArchitechError } from "@architech/protocol";
import type { TaskResult } from "../simulation/task.js";
import { withGpu } from "./gpu.js";
import { simulateOnGpu } from "./gpu-batch.js";
import type { Job, JobSource } from "./job.js";
import type { TaskPool } from "./task-pool.js";
import { logRows, RunTables } from "./task-rows.js";
import { control } from "./worker-messages.js";

/** Tasks that are prepared and simulated together: thousands of threads of a GPU want to be busy. */
const mostJobs = 1 << 15;

/** Draws tasks from runs, many at once, for the GPU of this machine. */
export class GpuPool implements TaskPool {
  readonly size: number = 0;
  readonly ahead: number = mostJobs;
  #sources: JobSource[] = [];
  #isWorking = false;

  /** Throws `gpu-missing` or `gpu-unavailable`. */
  static async check(): Promise<void> {
    await withGpu(async () => {});
  }

  attach(source: JobSource): void {
    this.#sources.push(source);
    this.wake();
  }

  detach(source: JobSource): void {
    this.#sources = this.#sources.filter((other) => other !== source);
  }

  wake(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#work().finally(() => (this.#isWorking = false));
  }

  /** What is stopped is asked for between two dispatches. */
  expectStop(): void {}

  async #work(): Promise<void> {
    for (;;) {
      const batch = this.#draw();
      if (batch === undefined) return;
      await simulateJobs(batch.source, batch.jobs);
    }
  }

  /** All tasks that are there of the run whose turn it is. */
  #draw(): { readonly source: JobSource; readonly jobs: readonly Job[] } | undefined {
    for (let i = 0; i < this.#sources.length; i++) {
      const source = this.#sources.shift() as JobSource;
      this.#sources.push(source);
      const jobs: Job[] = [];
      for (let job = source.next(); job !== undefined; job = jobs.length < mostJobs ? source.next() : undefined)
        jobs.push(job);
      if (jobs.length > 0) return { source, jobs };
    }
    return undefined;
  }
}

async function simulateJobs(source: JobSource, jobs: readonly Job[]): Promise<void> {
  const tables = new RunTables(source.shape);
  const open = new Set(jobs);
  const isStopped = (): boolean => Atomics.load(jobs[0]!.control, control.stop) === 1;
  const given = (i: number, result: TaskResult): void => {
    const job = jobs[i]!;
    const { point, replication, histogram } = job.task;
    const place = { point, replication };
    open.delete(job);
    if (histogram) {
      const rows = result.histogram;
      if (rows.page.length > 0) job.batch("histogram", tables.histogram.rows(place, rows));
    }
    const log = logRows(place, result);
    if (log.length > 0) job.log(log);
    job.batch("summary", tables.summary.row(place, result));
    job.end({ events: result.events, value: result.value(source.metric), clocked: false });
  };
  const shared = (share: number): void => {
    for (const job of open) job.share(share);
  };
  let failure: ArchitechError | undefined;
  try {
    await simulateOnGpu(
      jobs.map(({ task }) => task),
      { given, shared, isStopped },
    );
  } catch (error) {
    failure =
      error instanceof ArchitechError
        ? error
        : new ArchitechError("gpu-unavailable", `the GPU failed: ${String(error)}`, { cause: error });
  }
  for (const job of open) job.end(undefined, isStopped() ? undefined : failure);
}
