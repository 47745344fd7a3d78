import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterRuns, type ClusterRunsOptions } from "#src/cluster/cluster-runs.js";
import { silentLog } from "#src/log.js";
import { ClusterWorker, type ClusterWorkerOptions } from "#src/workers/cluster-worker.js";
import { FaultyLink } from "./faulty-link.js";
import { Warnings } from "./warnings.js";

/** Services of runs and workers of one test, in this process, each with a connection of its own. */
export class OneBus {
  readonly #url: string;
  readonly #prefix: string;
  readonly #closing: (() => Promise<void>)[] = [];

  /** `prefix`: before the names of this test, so that it finds nothing of another. */
  constructor(url: string, prefix: string) {
    this.#url = url;
    this.#prefix = prefix;
  }

  async connect(servers: string = this.#url): Promise<NatsBus> {
    const bus = await NatsBus.open({ servers, prefix: this.#prefix });
    this.#closing.push(() => bus.close());
    return bus;
  }

  /** A network on the way to the bus: give its `url` to what is behind it. */
  async link(): Promise<FaultyLink> {
    const link = await FaultyLink.to(this.#url);
    this.#closing.push(() => link.close());
    return link;
  }

  async runs(options: Partial<ClusterRunsOptions> = {}, url?: string): Promise<ClusterRuns & { warnings: Warnings }> {
    const warnings = new Warnings();
    const runs = await ClusterRuns.open({ bus: await this.connect(url), log: warnings, ...options });
    this.#closing.push(() => runs.close());
    return Object.assign(runs, { warnings });
  }

  async worker(options: Partial<ClusterWorkerOptions> = {}, url?: string): Promise<ClusterWorker> {
    const bus = options.bus ?? (await this.connect(url));
    const worker = new ClusterWorker({ log: silentLog, workers: 1, ...options, bus });
    await worker.start();
    this.#closing.push(() => worker.drain());
    return worker;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}

/** Runs an act; how long it took, in seconds, and what it gave. */
export async function timed<T>(act: () => Promise<T>): Promise<readonly [seconds: string, T]> {
  const since = performance.now();
  const value = await act();
  return [((performance.now() - since) / 1_000).toFixed(1), value];
}

/** A line of the report below the name of a test. */
export function report(line: string): void {
  console.log(`      ${line}`);
}
