import type { ClusterView } from "@architech/protocol";
import type { Bus } from "../bus/bus.js";
import type { Log } from "../log.js";
import { ClusterBus } from "./cluster-bus.js";
import type { Membership } from "./membership.js";
import { WorkerRegistry } from "./worker-registry.js";

/** Follows a cluster for whoever asks how it is. */
export class ClusterWatch {
  readonly #bus: ClusterBus;
  readonly #members: Membership;
  readonly #workers: WorkerRegistry;

  constructor(bus: Bus, members: Membership, log: Log) {
    this.#bus = new ClusterBus(bus);
    this.#members = members;
    this.#workers = new WorkerRegistry(this.#bus.workers, log);
    this.#workers.follow();
  }

  async view(): Promise<ClusterView> {
    const { connected } = this.#bus.bus.health();
    const depth = connected ? await this.#bus.tasks.depth().catch(() => undefined) : undefined;
    const bySeniority = (a: { since: number; id: string }, b: { since: number; id: string }): number =>
      a.since - b.since || (a.id < b.id ? -1 : 1);
    return {
      cluster: true,
      at: Date.now(),
      connected,
      services: this.#members.services.all().sort(bySeniority),
      workers: this.#workers.all().sort(bySeniority),
      lanes: Object.entries(depth ?? {}).map(([name, { waiting, taken }]) => ({ name, waiting, taken })),
    };
  }

  close(): void {
    this.#workers.close();
  }
}
