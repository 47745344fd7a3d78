import type { JobSource } from "./job.js";

/** Where tasks are simulated: it draws them from runs, each in turn. */
export interface TaskPool {
  /** Threads that may work together on one task. */
  readonly size: number;
  /** Tasks that a run may have under way or waiting ahead of its first unfinished one. */
  readonly ahead: number;
  /** Draws tasks from a run from now on. */
  attach(source: JobSource): void;
  /** Forgets a run. Its tasks under way go on until they are stopped. */
  detach(source: JobSource): void;
  /** To be called when a run has tasks again. */
  wake(): void;
  /** Tasks under way were told to stop. */
  expectStop(): void;
}
