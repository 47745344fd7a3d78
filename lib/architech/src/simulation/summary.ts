import { meterField, meterStride } from "../engine/meter-places.js";
import type { MetricInfo } from "../model/metrics.js";
import { trafficName } from "../model/wiring.js";
import { hourlyCost, totalCost } from "./cost.js";
import type { Layout, NodeLayout } from "./layout.js";
import { HistogramPages, MergedHistogram, type PagesOf } from "./merged-histogram.js";
import { busyShare } from "./shares.js";
import type { Totals } from "./totals.js";

const percentiles: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 };

/** What one metric is about: a node, traffic, or one of their operations. */
interface Subject {
  readonly node: NodeLayout | undefined;
  readonly meters: readonly number[];
}

/** Reads metrics from the totals of the measured time. */
export class Summary {
  readonly #layout: Layout;
  readonly #totals: Totals;
  readonly #nodes: ReadonlyMap<string, NodeLayout>;
  readonly #seconds: number;
  readonly #pages: HistogramPages;
  readonly #merged = { latency: new Merged(), wait: new Merged() };

  constructor(machine: PagesOf, layout: Layout, totals: Totals) {
    this.#layout = layout;
    this.#totals = totals;
    this.#nodes = new Map(layout.nodes.map((node) => [node.name, node]));
    this.#seconds = totals.durationMs / 1000;
    this.#pages = new HistogramPages(machine);
  }

  /** The value of a metric; NaN where nothing was observed. */
  value(metric: MetricInfo): number {
    const [what, part, of] = wordsOf(metric.quantity);
    const subject = this.#subject(metric);
    switch (what) {
      case "latency":
        return this.#latency(subject, part!);
      case "wait":
        return this.#wait(subject, part!);
      case "rate":
        return this.#sum(subject, meterField.done) / this.#seconds;
      case "arrivals":
        return this.#arrivals(subject) / this.#seconds;
      case "errors":
        return this.#sum(subject, meterField.errors) / this.#seconds;
      case "rejected":
        return this.#rejected(subject) / this.#seconds;
      case "redelivered":
      case "duplicates":
      case "dead":
        return this.#counter(subject.node?.channel?.[what] ?? -1) / this.#seconds;
      case "lag":
        return this.#lag(subject, part!);
      case "timeouts":
        return metric.op === undefined ? this.#totals.timeouts / this.#seconds : Number.NaN;
      case "inside":
        return this.#sum(subject, meterField.insideArea) / this.#totals.durationMs;
      case "util":
        return this.#util(subject);
      case "cores":
        return this.#coresUtil(subject);
      case "depth":
        return part === "max" ? this.#depthMax(subject) : this.#depthMean(subject);
      case "hit":
        return this.#hitRatio(subject);
      case "cold":
        return this.#ratio(subject.node?.colds ?? -1);
      case "stale":
        return this.#staleRatio(subject);
      case "hot":
        return this.#hot(subject, part!, of!);
      case "moved":
        return this.#moved(subject);
      case "ejections":
        return this.#counter(subject.node?.ejections ?? -1) / this.#seconds;
      case "evictions":
        return this.#counter(subject.node?.evictions ?? -1) / this.#seconds;
      case "open":
      case "limit":
        return this.#gauge(subject.node?.level ?? -1) / this.#totals.durationMs;
      case "replicas":
        return this.#replicas(subject);
      case "cost":
        return metric.node === trafficName ? this.#totalCost() : this.#cost(subject.node);
      default:
        return Number.NaN;
    }
  }

  #subject({ node, op }: MetricInfo): Subject {
    const found = this.#nodes.get(node);
    const from = found ?? this.#layout.traffic;
    if (op === undefined) return { node: found, meters: from.meters };
    return { node: found, meters: from.ops.get(op) ?? [] };
  }

  #sum({ meters }: Subject, field: number): number {
    let sum = 0;
    for (const meter of meters) sum += this.#totals.meters[meter * meterStride + field]!;
    return sum;
  }

  #max({ meters }: Subject, field: number): number {
    let max = 0;
    for (const meter of meters) max = Math.max(max, this.#totals.meters[meter * meterStride + field]!);
    return max;
  }

  /** What was put in: what became visible once more has not come anew, and of a log each group has all. */
  #arrivals(subject: Subject): number {
    const arrivals = this.#sum(subject, meterField.arrivals);
    const channel = subject.node?.channel;
    if (channel === undefined) return arrivals;
    return (arrivals - this.#counter(channel.redelivered)) / Math.max(1, channel.groups.size);
  }

  /** Messages that wait for a worker's group. */
  #lag({ node }: Subject, part: string): number {
    if (node?.takes === undefined) return Number.NaN;
    const from = this.#nodes.get(node.takes.node)!;
    const { meter, depth } = from.channel?.groups.get(node.takes.group) ?? {
      meter: from.meters[0]!,
      depth: from.depth,
    };
    if (part === "max") return this.#totals.depthMax[depth]!;
    return this.#totals.meters[meter * meterStride + meterField.insideArea]! / this.#totals.durationMs;
  }

  #latency(subject: Subject, part: string): number {
    const done = this.#sum(subject, meterField.done);
    if (!(done > 0) || keepsMessages(subject)) return Number.NaN;
    if (part === "mean") return this.#sum(subject, meterField.latencySum) / done;
    if (part === "max") return this.#max(subject, meterField.latencyMax);
    const merged = this.#merged.latency;
    merged.of(this.#pages, this.#totals, subject.meters, 0);
    return merged.quantile(percentiles[part]!);
  }

  /** Waits of all that left, failed ones too; most often zero, and zeros are not in the histogram. */
  #wait(subject: Subject, part: string): number {
    const failed = keepsMessages(subject) ? 0 : this.#sum(subject, meterField.errors);
    const left = this.#sum(subject, meterField.done) + failed;
    if (!(left > 0)) return Number.NaN;
    if (part === "mean") return this.#sum(subject, meterField.waitSum) / left;
    if (part === "max") return this.#max(subject, meterField.waitMax);
    const merged = this.#merged.wait;
    merged.of(this.#pages, this.#totals, subject.meters, 1);
    const zeros = left - merged.count;
    const rank = percentiles[part]! * left - zeros;
    return rank <= 0 ? 0 : merged.quantile(rank / merged.count);
  }

  #util({ node }: Subject): number {
    if (node === undefined) return Number.NaN;
    if (node.capacity < Number.POSITIVE_INFINITY) {
      const inside = this.#sum(whole(node), meterField.insideArea);
      return busyShare(inside - this.#waiting(node), this.#capacity(node));
    }
    return this.#coresUtil({ node, meters: node.meters });
  }

  #coresUtil({ node }: Subject): number {
    if (node === undefined || Number.isNaN(node.cores)) return Number.NaN;
    if (node.busyCores < 0) return this.#util({ node, meters: node.meters });
    const { scaled } = node;
    const cores = scaled === undefined ? this.#totals.durationMs * node.cores : this.#gauge(scaled.workingCores);
    return busyShare(this.#gauge(node.busyCores), cores);
  }

  /** The time average of those that there are, starting and finishing ones included. */
  #replicas({ node }: Subject): number {
    if (node?.scaled === undefined) return node?.replicas ?? Number.NaN;
    return this.#gauge(node.scaled.present) / this.#totals.durationMs;
  }

  #cost(node: NodeLayout | undefined): number {
    if (node === undefined) return Number.NaN;
    const subject = whole(node);
    const { durationMs } = this.#totals;
    const { scaled, cores } = node;
    return hourlyCost(node.prices, durationMs, {
      replicas: this.#replicas(subject),
      cores: scaled === undefined ? cores : this.#gauge(scaled.presentCores) / durationMs,
      requests: this.#sum(subject, meterField.arrivals),
    });
  }

  #totalCost(): number {
    return totalCost(this.#layout.nodes.map((node) => this.#cost(node)));
  }

  /** Thread milliseconds that there were. */
  #capacity({ scaled, capacity }: NodeLayout): number {
    return scaled === undefined ? this.#totals.durationMs * capacity : this.#gauge(scaled.workingThreads);
  }

  #depthMean({ node }: Subject): number {
    if (node === undefined) return Number.NaN;
    const area =
      node.kind === "queue"
        ? this.#sum(whole(node), meterField.insideArea)
        : this.#waiting(node) + this.#gauge(node.coreQueue);
    return area / this.#totals.durationMs;
  }

  #depthMax({ node }: Subject): number {
    if (node === undefined) return Number.NaN;
    return node.depth < 0 ? 0 : this.#totals.depthMax[node.depth]!;
  }

  #rejected({ node }: Subject): number {
    return this.#counter(node?.rejections ?? -1);
  }

  #hitRatio({ node }: Subject): number {
    return this.#ratio(node?.hits ?? -1);
  }

  /** Of what a counter counts and the next one: the share of the first. */
  #ratio(counter: number): number {
    if (counter < 0) return Number.NaN;
    const count = this.#totals.counters[counter]!;
    return count / (count + this.#totals.counters[counter + 1]!);
  }

  #staleRatio({ node }: Subject): number {
    if (node === undefined || node.stale < 0) return Number.NaN;
    if (node.hits < 0) return this.#counter(node.stale + 1) / this.#counter(node.stale);
    return this.#counter(node.stale) / (this.#counter(node.hits) + this.#counter(node.hits + 1));
  }

  /** The share of what is to move that has moved: time average. */
  #moved({ node }: Subject): number {
    if (node?.moved === undefined) return Number.NaN;
    return this.#gauge(node.moved.gauge) / (this.#totals.durationMs * node.moved.of);
  }

  /** Of the station of a database that most queries came to. */
  #hot(subject: Subject, part: string, of: string): number {
    const { node } = subject;
    if (node === undefined) return Number.NaN;
    const arrived = node.stations.map((meter) => this.#sum({ node, meters: [meter] }, meterField.arrivals));
    const hottest = arrived.indexOf(Math.max(...arrived));
    const meters = hottest < 0 ? node.meters : [node.stations[hottest]!];
    if (part === "latency") return this.#latency({ node, meters }, of);
    if (part === "share")
      return this.#sum({ node, meters }, meterField.arrivals) / this.#sum(subject, meterField.arrivals);
    if (hottest < 0) return this.#util(subject);
    const busy = this.#sum({ node, meters }, meterField.insideArea) - this.#gauge(node.threadQueue + hottest);
    return busy / (this.#totals.durationMs * (node.capacity / node.stations.length));
  }

  #waiting({ threadQueue, threadQueues }: NodeLayout): number {
    let waiting = 0;
    for (let i = 0; i < threadQueues; i++) waiting += this.#gauge(threadQueue < 0 ? -1 : threadQueue + i);
    return waiting;
  }

  #counter(counter: number): number {
    return counter < 0 ? 0 : this.#totals.counters[counter]!;
  }

  #gauge(gauge: number): number {
    return gauge < 0 ? 0 : this.#totals.gauges[gauge]!;
  }
}

const words = new Map<string, readonly string[]>();

/** The words of a quantity, looked up: each is asked for once in every task of a sweep. */
function wordsOf(quantity: string): readonly string[] {
  let known = words.get(quantity);
  if (known === undefined) words.set(quantity, (known = quantity.split(".")));
  return known;
}

/** What waits there is messages: one that fails to get in, or is lost, has not waited. */
function keepsMessages({ node }: Subject): boolean {
  return node?.kind === "queue" || node?.kind === "log";
}

function whole(node: NodeLayout): Subject {
  return { node, meters: node.meters };
}

/** The histogram of the last subject asked for: metrics come ordered by subject, so each is merged once. */
class Merged extends MergedHistogram {
  #meters: readonly number[] | undefined;

  of(pages: HistogramPages, totals: Totals, meters: readonly number[], kind: 0 | 1): void {
    if (this.#meters !== undefined && sameMeters(this.#meters, meters)) return;
    this.#meters = meters;
    this.fill(
      pages,
      totals,
      meters.map((meter) => 2 * meter + kind),
    );
  }
}

function sameMeters(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((meter, i) => meter === b[i]);
}
