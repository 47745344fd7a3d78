import type { MachineState } from "../engine/machine-state.js";
import type { Notes } from "../engine/notes.js";
import { stationStride } from "../engine/station-plan.js";
import type { HpaDocument, HpaTargetDocument, KedaDocument } from "../model/scale-document.js";
import type { PodReading, Reading } from "../scaling/readings.js";
import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";
import type { CompiledScale } from "./compile-scale.js";
import { insideOf } from "./count.js";
import type { Layout, NodeLayout } from "./layout.js";
import type { Replica, Replicas } from "./replicas.js";
import { syncMs } from "./scale-policies.js";

/** What the scaler of one node sees: its replicas' metrics over the time since it last looked, and queues as they are. */
export class ScaleReadings {
  readonly #machine: MachineState;
  readonly #scaled: CompiledScale;
  readonly #replicas: Replicas;
  readonly #depths: ReadonlyMap<string, number>;
  readonly #workers: readonly NodeLayout[];
  readonly #node: NodeLayout;
  /** Of the log whose lag it reads; Infinity of a queue. */
  readonly #partitions: number;
  readonly #busyBefore: Float64Array;
  readonly #endedBefore: Float64Array;
  #lookedMs = 0;

  /** `workersOf`: the workers that share the messages of a queue, or of the node's group in a log. */
  constructor(
    machine: MachineState,
    layout: Layout,
    scaled: CompiledScale,
    replicas: Replicas,
    workersOf: (queue: string) => readonly string[],
    partitionsOf: (queue: string) => number,
  ) {
    this.#machine = machine;
    this.#scaled = scaled;
    this.#replicas = replicas;
    this.#node = layout.nodes.find(({ name }) => name === scaled.name)!;
    const { takes } = this.#node;
    // Of a log it is the lag of the group; a queue has one.
    this.#depths = new Map(
      layout.nodes.map(({ name, depth, channel }) => [
        name,
        takes?.node === name && channel !== undefined ? channel.groups.get(takes.group)!.depth : depth,
      ]),
    );
    const { scale } = scaled;
    const lagOf = scale.by === "keda" && scale.lag !== undefined ? (scale.queue ?? scaled.takes!) : undefined;
    const working = lagOf === undefined ? [] : workersOf(lagOf);
    this.#partitions = lagOf === undefined ? Number.POSITIVE_INFINITY : partitionsOf(lagOf);
    this.#workers = layout.nodes.filter(({ name }) => working.includes(name));
    const { places } = scaled.plan;
    this.#busyBefore = new Float64Array(places);
    this.#endedBefore = new Float64Array(places);
  }

  /** Writes down what was when it last looked, or goes on with that. */
  keep(notes: Notes): void {
    this.#lookedMs = notes.number(this.#lookedMs);
    this.#busyBefore.set(notes.doubles(this.#busyBefore));
    this.#endedBefore.set(notes.doubles(this.#endedBefore));
  }

  /** What each metric of an HPA reads now; KEDA's HPA has its triggers for metrics. */
  hpa(scale: HpaDocument | KedaDocument, nowMs: number): readonly Reading[] {
    if (scale.by === "keda") {
      const pods = scale.cpu === undefined ? [] : this.#targets({ cpu: scale.cpu }, scale, nowMs);
      return [...this.keda(scale), ...pods];
    }
    return this.#targets(scale.target, scale, nowMs);
  }

  #targets(target: HpaTargetDocument, scale: HpaDocument | KedaDocument, nowMs: number): readonly Reading[] {
    const { cpu, cores, concurrency, rate, queue } = target;
    const readings: Reading[] = [];
    const asked = scale.by === "hpa" ? scale.cpuInitialization : undefined;
    const initialization = asked === undefined ? 300_000 : parseDuration(asked);
    const windowMs = nowMs - this.#lookedMs;
    const fresh = ({ readyMs }: Replica): boolean => nowMs < readyMs + Math.min(windowMs, syncMs(scale));
    if (cpu !== undefined || cores !== undefined) {
      const unknown = (replica: Replica): boolean => nowMs < replica.createdMs + initialization && fresh(replica);
      const busy = this.#ofReady(unknown, ({ place }) => this.#busy(place, nowMs) / windowMs);
      const aside = { missing: 0, unready: this.#replicas.count - busy.length };
      if (cpu !== undefined)
        readings.push({
          kind: "utilization",
          target: cpu,
          values: busy.map((used) => used / this.#scaled.plan.cores),
          ...aside,
        });
      if (cores !== undefined) readings.push({ kind: "average of pods", target: cores, values: busy, ...aside });
    }
    if (concurrency !== undefined) readings.push(this.#perPod(concurrency, fresh, ({ place }) => this.#inside(place)));
    if (rate !== undefined)
      readings.push(this.#perPod(parseRate(rate), fresh, ({ place }) => this.#ended(place) / windowMs));
    if (queue !== undefined) {
      const [kind, target] =
        "average" in queue ? (["average", queue.average] as const) : (["value", queue.value] as const);
      readings.push({ kind, target, value: this.#waiting(queue.of), ready: this.#replicas.ready.length });
    }
    this.#look(nowMs);
    return readings;
  }

  /** What each trigger of KEDA reads now; they are totals, for each replica so many. */
  keda({
    lag,
    queue,
    inFlight,
    idleConsumers,
    concurrency,
  }: KedaDocument): readonly (Reading & { readonly value: number })[] {
    const ready = this.#replicas.ready.length;
    const readings: (Reading & { readonly value: number })[] = [];
    if (lag !== undefined) {
      const waiting = this.#waiting(queue ?? this.#scaled.takes!);
      const value = inFlight === false ? waiting : waiting + this.#insideOf(this.#workers);
      // As KEDA's scaler of Kafka: no more replicas than have a partition.
      const most = idleConsumers === true ? Number.POSITIVE_INFINITY : this.#partitions * lag;
      readings.push({ kind: "average", target: lag, value: Math.min(value, most), ready });
    }
    if (concurrency !== undefined)
      readings.push({ kind: "average", target: concurrency, value: this.#insideOf([this.#node]), ready });
    return readings;
  }

  #perPod(target: number, fresh: (replica: Replica) => boolean, value: (of: Replica) => number): PodReading {
    const values = this.#ofReady(fresh, value);
    return {
      kind: "average of pods",
      target,
      values,
      // Of one that has just become ready there is no whole period yet to speak of.
      missing: this.#replicas.ready.length - values.length,
      unready: this.#replicas.starting.length,
    };
  }

  #ofReady(skipped: (replica: Replica) => boolean, value: (of: Replica) => number): readonly number[] {
    return this.#replicas.ready.filter((replica) => !skipped(replica)).map(value);
  }

  /** Core milliseconds since the last look. */
  #busy(place: number, nowMs: number): number {
    return this.#busyArea(place, nowMs) - this.#busyBefore[place]!;
  }

  #busyArea(place: number, nowMs: number): number {
    const gauge = this.#scaled.plan.busy + place;
    return this.#machine.gauges[gauge]! + this.#machine.gaugeCounts[gauge]! * nowMs;
  }

  #ended(place: number): number {
    return this.#machine.counters[this.#scaled.plan.ended + place]! - this.#endedBefore[place]!;
  }

  /** Requests that a replica works on or lets wait. */
  #inside(place: number): number {
    const s = (this.#scaled.plan.firstStation + place) * stationStride;
    const [free, , , waiting, down, , , servers] = this.#machine.stations.subarray(s, s + 8);
    return servers! - free! + waiting! - (down! > 0 ? 0x40000000 : 0);
  }

  #waiting(queue: string): number {
    return this.#machine.depths[2 * this.#depths.get(queue)!]!;
  }

  #insideOf(nodes: readonly NodeLayout[]): number {
    let inside = 0;
    for (const { meters } of nodes) for (const meter of meters) inside += insideOf(this.#machine, meter);
    return inside;
  }

  #look(nowMs: number): void {
    const { places, busy } = this.#scaled.plan;
    for (let place = 0; place < places; place++) {
      this.#endedBefore[place] = this.#machine.counters[this.#scaled.plan.ended + place]!;
      if (busy >= 0) this.#busyBefore[place] = this.#busyArea(place, nowMs);
    }
    this.#lookedMs = nowMs;
  }
}
