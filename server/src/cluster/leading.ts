import { randomUUID } from "node:crypto";
import { isFinal } from "@architech/protocol";
import { nextOfUsers, type Plan, type RunEnd } from "architech/host";
import { waitFor } from "../bus/wakeup.js";
import type { Log } from "../log.js";
import type { Metrics } from "../metrics/metrics.js";
import type { Tracing } from "../tracing/tracing.js";
import type { ClusterBus } from "./cluster-bus.js";
import { Coordinator } from "./coordinator.js";
import { follow } from "./follow.js";
import { Lease, leaseTtlMs } from "./lease.js";
import { LeftAlone } from "./left-alone.js";
import { OnceMore } from "./once-more.js";
import { type RunLane, runLanes } from "./run-lane.js";
import type { RunRecord } from "./run-record.js";
import type { RunRecords } from "./run-records.js";
import { sharesOf } from "./run-shares.js";
import type { WorkerRegistry } from "./worker-registry.js";

/** What a service leads runs with. */
export interface LeadingOptions {
  readonly bus: ClusterBus;
  readonly records: RunRecords;
  readonly workers: WorkerRegistry;
  readonly log: Log;
  readonly tracing: Tracing;
  /** Runs of a lane led here at once, but for the first of a user. */
  readonly most: number;
  /** See `ClusterRunsOptions.foreignMs`. */
  readonly foreignMs: number | undefined;
  /** A run that was led here is over, or led elsewhere. */
  readonly onEnd: () => Promise<void>;
}

/** Chunks that all runs together may have out: enough for every worker to have the next one waiting, and to show that work waits. */
const chunksOfThread = 3;
const leastChunks = 16;

/** How long a service that ends waits for a lease that it is taking, ms. */
const takenMs = 1_000;

interface LedRun {
  readonly lane: RunLane;
  readonly coordinator: Coordinator;
  readonly done: Promise<void>;
}

/** Which runs one service leads: in each lane, of those that nobody leads the next, as long as it has room, each user in turn. */
export class Leading {
  readonly #options: LeadingOptions;
  readonly #instance: string = randomUUID();
  readonly #led = new Map<string, LedRun>();
  /** Plans of runs that were started here, for whoever leads them here, by what their requests are called: another that wants the same id is called otherwise. */
  readonly #planned = new Map<string, Plan>();
  /** Runs that somebody leads, as far as is known here. */
  readonly #taken = new Set<string>();
  readonly #ended: Record<RunEnd["state"], number> = { done: 0, cancelled: 0, failed: 0 };
  readonly #closed = new AbortController();
  readonly #left: LeftAlone;
  readonly #looking = new OnceMore(() => this.#look());

  constructor(options: LeadingOptions) {
    this.#options = options;
    this.#left = new LeftAlone(options.bus.version, () => this.consider(), options.foreignMs);
  }

  /** Shows what is led here, and how what was has ended. */
  measure(metrics: Metrics): void {
    metrics.total("architech_runs_ended_total", "Runs that this service has led to their end.", ["state"], async () =>
      Object.entries(this.#ended).map(([state, value]) => ({ labels: { state }, value })),
    );
    metrics.gauge("architech_runs_led", "Runs that this service leads.", [], async () => [{ value: this.#led.size }]);
  }

  /** Hears from now on of runs, of who leads them, and of workers. */
  follow(): void {
    const { bus, records, workers, log } = this.#options;
    const { signal } = this.#closed;
    records.onChange((id, record) => {
      if (record?.wantsCancel === true) this.#led.get(id)?.coordinator.cancel();
      if (record === undefined || isFinal(record.info.state)) this.#left.forget(id);
      // The others may have more from now on.
      if (record === undefined || isFinal(record.info.state)) this.#wake();
      this.consider();
    });
    workers.follow(() => this.#wake());
    void follow(bus.leases, "", { what: "who leads which run", log, signal }, ({ key, value }) => {
      if (value !== undefined) {
        this.#taken.add(key);
        this.#left.forget(key);
      } else if (this.#taken.delete(key)) this.consider();
    });
    const timer = setInterval(() => void this.#checkTaken(), leaseTtlMs).unref();
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  /** Keeps the plan of a request, as it is called on the bus, as long as its run may be led here. */
  expect(request: string, plan: Plan): void {
    this.#planned.set(request, plan);
  }

  /** Its run is led elsewhere, or there is none. */
  forget(request: string): void {
    this.#planned.delete(request);
  }

  /** Leads what nobody leads, as far as there is room. */
  consider(): void {
    if (this.#closed.signal.aborted) return;
    const { log } = this.#options;
    void this.#looking.ask().catch((error: Error) => log.warn(`no run can be led: ${error.message}`));
  }

  /** Whether one more of a lane may be led here. */
  hasRoom(lane: RunLane): boolean {
    return [...this.#led.values()].filter((led) => led.lane === lane).length < this.#options.most;
  }

  /** Leaves the runs that are led here to other services. */
  async close(): Promise<void> {
    this.#closed.abort();
    // What is being taken at this moment is given back, unless there is no bus.
    const taken = this.#looking.idle().catch(() => {});
    await waitFor(taken, undefined, takenMs);
    const led = [...this.#led.values()];
    for (const { coordinator } of led) coordinator.abandon(new Error("this service ends"));
    await Promise.all(led.map(({ done }) => done));
  }

  async #look(): Promise<void> {
    // Let records that come together be looked at once.
    await new Promise((resolve) => setImmediate(resolve));
    for (const lane of runLanes) await this.#lookInto(lane);
  }

  async #lookInto(lane: RunLane): Promise<void> {
    const tried = new Set<string>();
    while (!this.#closed.signal.aborted) {
      const open = this.#options.records
        .all()
        .filter((record) => record.lane === lane && !isFinal(record.info.state))
        .sort((a, b) => a.info.created - b.info.created);
      const isLed = (id: string): boolean => this.#taken.has(id) || this.#led.has(id);
      const waiting = open.filter((record) => {
        const { id } = record.info;
        return !isLed(id) && !tried.has(id) && !this.#left.has(record);
      });
      const next = nextOfUsers(
        waiting,
        open.filter(({ info: { id } }) => isLed(id)),
        this.hasRoom(lane),
      );
      if (next === undefined) return;
      tried.add(next.info.id);
      await this.#tryToLead(next);
    }
  }

  async #tryToLead({ lane, request, info: { id } }: RunRecord): Promise<void> {
    const { bus, records, workers, log, onEnd } = this.#options;
    const coordinator = new Coordinator(id, this.#planned.get(request), {
      bus,
      records,
      log,
      tracing: this.#options.tracing,
      share: () => this.#shareOf(id, lane),
      threads: () => ({ most: workers.mostThreads, all: workers.threads }),
      ended: (state) => void this.#ended[state]++,
    });
    const lost = (): void => coordinator.abandon(new Error("its lease was lost"));
    const lease = await Lease.take(bus.leases, id, this.#instance, lost);
    this.#taken.add(id);
    this.#planned.delete(request);
    if (lease === undefined) return;
    if (this.#closed.signal.aborted) return lease.release();
    const done = coordinator
      .lead()
      .catch((error: Error) => log.error(`run ${id} cannot be led`, error))
      .then(() => lease.release())
      .finally(() => {
        this.#led.delete(id);
        this.#taken.delete(id);
        const { state = "done" } = records.known(id)?.info ?? {};
        if (!isFinal(state)) this.#left.rest(id);
        this.consider();
        void onEnd();
      });
    this.#led.set(id, { lane, coordinator, done });
  }

  /** Chunks that a run may have out: the queue itself shares between lanes. */
  #shareOf(id: string, lane: RunLane): number {
    const { records, workers } = this.#options;
    const running = records.all().filter((record) => record.lane === lane && record.info.state === "running");
    const places = Math.max(leastChunks, chunksOfThread * workers.threads);
    const runs = running.map(({ user, info }) => ({ id: info.id, user, created: info.created }));
    // One whose record does not say yet that it runs begins with little.
    return sharesOf(runs, places).get(id) ?? 1;
  }

  /** Finds leases whose end nobody told: a process that stood still for a while hears nothing of what came and went. */
  async #checkTaken(): Promise<void> {
    if (this.#taken.size === this.#led.size) return;
    // While the bus is away nobody can take a lease either.
    const held = await this.#options.bus.leases.keys("").then(
      (keys) => new Set(keys),
      () => undefined,
    );
    if (held === undefined) return;
    const missed = [...this.#taken].filter((id) => !held.has(id) && !this.#led.has(id));
    for (const id of missed) this.#taken.delete(id);
    if (missed.length > 0) this.consider();
  }

  #wake(): void {
    for (const { coordinator } of this.#led.values()) coordinator.wake();
  }
}
