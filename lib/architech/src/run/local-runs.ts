import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArchitechError, type Progress } from "@architech/protocol";
import type { RunEnd, Runs, SimulationRequest, StartedRun } from "../experiment/stream-source.js";
import { hasCode } from "../model/custom-steps.js";
import { LocalRun } from "./local-run.js";
import { newRunId, RunService } from "./run-service.js";

/**
 * Runs in this process, on worker threads. Their streams lie in a temporary folder that goes with the process: a script
 * leaves nothing behind, and a run of any length costs no memory. Equal requests within one process are served once.
 */
export class LocalRuns implements Runs {
  readonly #services = new Map<string, Promise<RunService>>();
  #folder: string | undefined;

  /** `notes`: what must be known of why it is here. */
  start(
    request: SimulationRequest,
    { workers }: { readonly workers?: number } = {},
    notes: readonly string[] = [],
  ): StartedRun {
    const named = { ...request, id: request.id ?? newRunId() };
    const note =
      workers !== undefined && workers > 0 && hasCode(request.model)
        ? [`worked in this thread, not in ${workers} workers: the functions of its custom steps are here only`]
        : [];
    return new LocalRun(named, () => startedRun(this.#service(workers), named), [...notes, ...note]);
  }

  /** Stops all work and deletes the streams. */
  async close(): Promise<void> {
    for (const service of this.#services.values()) await (await service).close();
    this.#services.clear();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #service(workers: number | undefined): Promise<RunService> {
    const name = workers === undefined ? "default" : String(workers);
    let service = this.#services.get(name);
    if (service === undefined) {
      service = RunService.open({
        folder: join(this.#temporary(), name),
        inline: true,
        ...(workers === undefined ? {} : { workers }),
      });
      this.#services.set(name, service);
    }
    return service;
  }

  #temporary(): string {
    if (this.#folder === undefined) {
      const folder = mkdtempSync(join(tmpdir(), "architech-"));
      this.#folder = folder;
      process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    }
    return this.#folder;
  }
}

/** A run of a service in this process. */
function startedRun(
  service: RunService | Promise<RunService>,
  request: SimulationRequest & { readonly id: string },
): StartedRun {
  const { id } = request;
  const started = (async () => {
    const runs = await service;
    await runs.start(request);
    return runs;
  })();
  const ended = started.then((runs) => runs.ended(id)).catch(failure);
  return {
    ended,
    source: {
      run: id,
      done: ended.then(({ state }) => state),
      async *frames(offset = 0, signal?: AbortSignal) {
        // Why it could not start is for `ended` to say.
        const runs = await started.catch(() => undefined);
        if (runs !== undefined) yield* runs.frames(id, offset, signal);
      },
    },
    cancel() {
      void started.then((runs) => runs.cancel(id)).catch(() => {});
    },
    onProgress(listener: (progress: Progress) => void) {
      let stop: (() => void) | undefined;
      let isStopped = false;
      void started.then(
        (runs) => {
          if (!isStopped) stop = runs.onProgress(id, listener);
        },
        () => {},
      );
      return () => {
        isStopped = true;
        stop?.();
      };
    },
  };
}

/** An error as the end of a run. */
export function failure(error: unknown): RunEnd {
  return {
    state: "failed",
    error: error instanceof ArchitechError ? error : new ArchitechError("task-failed", String(error), { cause: error }),
  };
}
