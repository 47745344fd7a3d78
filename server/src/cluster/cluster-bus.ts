import { resultVersion } from "architech/host";
import type { Bus, Logs, Objects, State, Subscription, WorkQueue } from "../bus/bus.js";
import { leaseTtlMs } from "./lease.js";
import { workerTtlMs } from "./worker-registry.js";

/** Results of a run that nobody has ended or deleted are gone after so long. */
const resultTtlMs = 7 * 24 * 3_600_000;

/** A worker that says nothing of a chunk for so long has died with it. */
export const chunkAckWaitMs = 6_000;

/** What the services of runs share on a bus: the one place that names its queues, buckets and subjects. */
export class ClusterBus {
  readonly bus: Bus;
  /** What is computed here; see `RunRecord.version`. */
  readonly version: string;
  readonly tasks: WorkQueue;
  readonly records: State;
  readonly leases: State;
  readonly workers: State;
  /** What came of chunks, by `resultKey`; see `packLarge`. */
  readonly results: State;
  /** Tasks that came again and are under way: the workers that have begun them. */
  readonly suspects: State;
  readonly requests: Objects;
  /** Rows that are too large for a message. */
  readonly rows: Objects;
  readonly streams: Logs;
  /** How far chunks are that take long, by `resultKey`; see `ChunkProgress`. */
  readonly progress: Objects;

  /** `version`: by default that of this engine. */
  constructor(bus: Bus, version: string = resultVersion) {
    this.bus = bus;
    this.version = version;
    this.tasks = bus.queue("tasks", {
      lanes: [
        { name: "interactive", weight: 8 },
        { name: "batch", weight: 1 },
      ],
      ackWaitMs: chunkAckWaitMs,
    });
    this.records = bus.state("runs");
    this.leases = bus.state("leases", { ttlMs: leaseTtlMs });
    this.workers = bus.state("workers", { ttlMs: workerTtlMs });
    this.results = bus.state("results", { ttlMs: resultTtlMs });
    this.suspects = bus.state("suspected", { ttlMs: 3_600_000 });
    this.requests = bus.objects("requests");
    this.rows = bus.objects("rows");
    this.progress = bus.objects("progress");
    this.streams = bus.logs("streams");
  }

  /** Short messages to whoever listens. Those of parts: see part-messages.ts. */
  readonly tell = {
    progress: (run: string, bytes: Uint8Array): Promise<void> => this.bus.publish(`runs.progress.${run}`, bytes),
    over: (run: string): Promise<void> => this.bus.publish(`runs.over.${run}`, new Uint8Array(0)),
    offer: (bytes: Uint8Array): Promise<void> => this.bus.publish("parts.offers", bytes),
    joining: (session: string, bytes: Uint8Array): Promise<void> => this.bus.publish(`parts.joining.${session}`, bytes),
    beginning: (session: string, bytes: Uint8Array): Promise<void> =>
      this.bus.publish(`parts.beginning.${session}`, bytes),
    word: (session: string, part: number, bytes: Uint8Array): Promise<void> =>
      this.bus.publish(`parts.words.${session}.${part}`, bytes),
  };

  readonly hear = {
    progress: (run: string): Promise<Subscription> => this.bus.subscribe(`runs.progress.${run}`),
    over: (): Promise<Subscription> => this.bus.subscribe("runs.over.*"),
    offers: (): Promise<Subscription> => this.bus.subscribe("parts.offers"),
    joining: (session: string): Promise<Subscription> => this.bus.subscribe(`parts.joining.${session}`),
    beginning: (session: string): Promise<Subscription> => this.bus.subscribe(`parts.beginning.${session}`),
    words: (session: string, part: number): Promise<Subscription> =>
      this.bus.subscribe(`parts.words.${session}.${part}`),
  };

  /** Removes what came of the chunks of a run that is over. `large`: the objects in which some of it is. */
  async forgetResults(run: string, large: Iterable<string>): Promise<void> {
    for (const object of large) await this.rows.delete(object);
    await this.results.clear(run);
  }
}
