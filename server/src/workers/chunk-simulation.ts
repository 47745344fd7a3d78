import { ArchitechError, errorFrom } from "@architech/protocol";
import { RevisionConflict } from "../bus/conflict.js";
import { type Chunk, resultKey } from "../cluster/chunk.js";
import { type ChunkResult, packResult, type TaskOutcome } from "../cluster/chunk-result.js";
import type { ClusterBus } from "../cluster/cluster-bus.js";
import { packLarge } from "../cluster/large-value.js";
import type { PartOffer } from "../cluster/part-messages.js";
import type { Log } from "../log.js";
import type { Tracing } from "../tracing/tracing.js";
import { ChunkKeeper } from "./chunk-keeper.js";
import type { TaskEnded } from "./chunk-work.js";
import type { OpenRuns } from "./open-runs.js";
import type { RunWork, RunWorks } from "./run-work.js";
import { SharedTask } from "./shared-task.js";
import { Suspicion } from "./suspicion.js";
import { taskSpans } from "./task-spans.js";
import type { WorkerCounts } from "./worker-counts.js";

/** What chunks are simulated with. */
export interface ChunkSimulationOptions {
  readonly bus: ClusterBus;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly counts: WorkerCounts;
  /** This worker. */
  readonly worker: string;
  readonly works: RunWorks;
  readonly open: OpenRuns;
  /** See `ClusterWorkerOptions`. */
  readonly checkpointMs: number;
}

/** Simulates chunks of tasks, from where another has left them, and puts what came of each where its run's coordinator finds it. */
export class ChunkSimulation {
  readonly #options: ChunkSimulationOptions;
  readonly #suspicion: Suspicion;

  constructor(options: ChunkSimulationOptions) {
    this.#options = options;
    const { bus, worker } = options;
    this.#suspicion = new Suspicion({ suspects: bus.suspects, workers: bus.workers, worker });
  }

  /** Resolves once there is nothing more to do for a chunk that has come so often; false where only workers of another version may do it. */
  async work(chunk: Chunk, attempt: number): Promise<boolean> {
    const { bus, works, open, counts } = this.#options;
    const key = resultKey(chunk);
    const again = attempt > 1;
    // Its plan is made meanwhile; what is wrong with it is told when the chunk is begun.
    if (chunk.version === bus.version) void works.of(chunk).catch(() => {});
    const [isWanted, known] = await Promise.all([
      open.has(chunk),
      // What comes for the first time nobody has done.
      again ? bus.results.get(key) : undefined,
    ]);
    if (isWanted && chunk.version !== bus.version) return false;
    const keeper = this.#keeper(chunk, again);
    // Somebody may have left something for who comes after.
    if (again) await keeper.load();
    const outcome = isWanted && known === undefined ? await this.#followed(chunk, keeper, attempt) : undefined;
    // Else it is done, or its run is over.
    if (outcome !== undefined) {
      counts.did(outcome);
      const value = await packLarge(packResult(outcome), bus.rows, () => key);
      await bus.results.create(key, value).catch((error) => {
        // Another has done it as well.
        if (!(error instanceof RevisionConflict)) throw error;
      });
    }
    await keeper.end();
    return true;
  }

  #keeper(chunk: Chunk, again: boolean): ChunkKeeper {
    const { run } = chunk;
    const onStored = async (tasks: readonly number[]): Promise<void> => {
      for (const task of tasks) await this.#suspicion.goesOn(run, task);
    };
    return new ChunkKeeper({
      objects: this.#options.bus.progress,
      key: resultKey(chunk),
      everyMs: this.#options.checkpointMs,
      log: this.#options.log,
      counts: this.#options.counts,
      ...(again ? { onStored } : {}),
    });
  }

  /** Simulates a chunk as a part of its trace. */
  async #followed(chunk: Chunk, keeper: ChunkKeeper, attempt: number): Promise<ChunkResult | undefined> {
    const { run, first, count, trace } = chunk;
    const span = this.#options.tracing.begin("chunk", {
      kind: "consumer",
      parent: trace,
      attributes: {
        "architech.run": run,
        "architech.task.first": first,
        "architech.tasks": count,
        "architech.attempt": attempt,
      },
    });
    try {
      const how = { again: attempt > 1, keeper, onEnd: taskSpans(this.#options.tracing, span, chunk) };
      const work = await this.#options.works.of(chunk);
      // The run may have ended since it was looked at: then nobody would stop this.
      const outcome = (await this.#options.open.has(chunk))
        ? await work.use(() => this.#simulate(work, chunk, how))
        : undefined;
      const failed = outcome?.tasks.find(({ error }) => error !== undefined)?.error;
      span.end(failed === undefined ? {} : { error: errorFrom(failed) });
      return outcome;
    } catch (error) {
      span.end({ error });
      throw error;
    }
  }

  /** What came of a chunk; undefined when its run is over. `again`: somebody has begun it before, and not ended it. */
  async #simulate(
    work: RunWork,
    chunk: Chunk,
    { again, ...how }: { readonly again: boolean; readonly keeper: ChunkKeeper; readonly onEnd: TaskEnded | undefined },
  ): Promise<ChunkResult | undefined> {
    const { keeper } = how;
    const { run, first, count } = chunk;
    if (!again && work.mayHelp === 0) return work.simulate(chunk, how);
    const tasks: TaskOutcome[] = [];
    let busyMs = 0;
    for (let task = first; task < first + count; task++) {
      const known = keeper.done.get(task);
      if (known !== undefined) tasks.push(known);
      else if (again && !(await this.#suspicion.begins(run, task)))
        tasks.push({ items: [], error: deadly(task).toJSON() });
      else {
        const one =
          work.mayHelp === 0
            ? await work.simulate({ first: task, count: 1 }, how)
            : await this.#shared(work, { run, request: chunk.request, task }, how);
        if (one === undefined) return undefined;
        tasks.push(...one.tasks);
        busyMs += one.busyMs;
      }
      if (again) await this.#suspicion.ended(run, task);
    }
    return { busyMs, tasks };
  }

  /** Simulates a task with other workers, as far as there are some. */
  async #shared(
    work: RunWork,
    task: Pick<PartOffer, "run" | "request" | "task">,
    how: { readonly keeper: ChunkKeeper; readonly onEnd: TaskEnded | undefined },
  ): Promise<ChunkResult | undefined> {
    const shared = await SharedTask.offer({
      bus: this.#options.bus,
      log: this.#options.log,
      counts: this.#options.counts.parts,
      worker: this.#options.worker,
      task,
      most: work.mayHelp,
    });
    try {
      return await work.simulate({ first: task.task, count: 1 }, { ...how, shared });
    } finally {
      await shared.close();
    }
  }
}

function deadly(task: number): ArchitechError {
  return new ArchitechError("worker-crashed", `every worker that began task ${task} of this run has died with it`);
}
