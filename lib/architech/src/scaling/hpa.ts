import { type Reading, replicasFor } from "./readings.js";
import { downLimit, longestPeriod, type ScaleEvent, type ScalingRules, upLimit } from "./rules.js";

/** What an HPA is set to. */
export interface HpaPolicy {
  readonly min: number;
  readonly max: number;
  readonly up: ScalingRules;
  readonly down: ScalingRules;
}

/** What an HPA has wished and done of late. */
export interface HpaPast {
  /** Undefined before its first decision. */
  recommendations: { readonly atMs: number; readonly replicas: number }[] | undefined;
  ups: ScaleEvent[];
  downs: ScaleEvent[];
}

/**
 * The decisions of a Kubernetes HorizontalPodAutoscaler, one `decide` for each of its sync periods. After its
 * documentation (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale): each metric asks for a number of
 * replicas and the largest wins; recommendations of the stabilisation windows hold it back; policies bound how fast it
 * may change; `min` and `max` bound it.
 */
export class Hpa {
  readonly #policy: HpaPolicy;
  /** What it remembers. */
  past: HpaPast = { recommendations: undefined, ups: [], downs: [] };

  constructor(policy: HpaPolicy) {
    this.#policy = policy;
  }

  /** How many replicas there shall be from `nowMs` on, of `current` ones, given what its metrics read. */
  decide(nowMs: number, current: number, readings: readonly Reading[]): number {
    const { min, max } = this.#policy;
    this.past.recommendations ??= [{ atMs: nowMs, replicas: current }];
    // Somebody has switched it off by taking away all that it scales.
    if (current === 0 && min > 0) return 0;
    const next = current > max ? max : current < min ? min : this.#fromMetrics(nowMs, current, readings);
    if (next > current) this.past.ups.push({ atMs: nowMs, change: next - current });
    if (next < current) this.past.downs.push({ atMs: nowMs, change: current - next });
    return next;
  }

  #fromMetrics(nowMs: number, current: number, readings: readonly Reading[]): number {
    const { up, down } = this.#policy;
    const tolerance = { up: up.tolerance, down: down.tolerance };
    const wishes = readings.map((reading) => replicasFor(reading, current, tolerance));
    const known = wishes.filter((wish) => wish !== undefined);
    if (known.length === 0) return current;
    const wish = Math.max(...known);
    // A metric that cannot be read might have asked for more.
    if (known.length < wishes.length && wish < current) return current;
    return this.#limited(nowMs, current, this.#stabilized(nowMs, current, wish));
  }

  /** Brings the number to between the lowest wish of the window for rising and the highest of the one for falling. */
  #stabilized(nowMs: number, current: number, wish: number): number {
    const { up, down } = this.#policy;
    let low = wish;
    let high = wish;
    for (const { atMs, replicas } of this.past.recommendations!) {
      if (atMs > nowMs - up.stabilizationMs) low = Math.min(low, replicas);
      if (atMs > nowMs - down.stabilizationMs) high = Math.max(high, replicas);
    }
    const longest = Math.max(up.stabilizationMs, down.stabilizationMs);
    this.past.recommendations = this.past.recommendations!.filter(({ atMs }) => atMs > nowMs - longest);
    this.past.recommendations.push({ atMs: nowMs, replicas: wish });
    return Math.min(Math.max(current, low), high);
  }

  #limited(nowMs: number, current: number, wish: number): number {
    const { min, max, up, down } = this.#policy;
    const period = Math.max(longestPeriod(up), longestPeriod(down));
    this.past.ups = this.past.ups.filter(({ atMs }) => atMs > nowMs - period);
    this.past.downs = this.past.downs.filter(({ atMs }) => atMs > nowMs - period);
    if (wish > current) return Math.min(wish, max, upLimit(up, current, this.past.ups, this.past.downs, nowMs));
    if (wish < current) return Math.max(wish, min, downLimit(down, current, this.past.ups, this.past.downs, nowMs));
    return wish;
  }
}
