/** How fast replicas may be added, or taken away: one direction of an HPA's `behavior`. Times in ms. */
export interface ScalingRules {
  /** Past recommendations of this long hold a change back. */
  readonly stabilizationMs: number;
  /** None: no limit but `select`. */
  readonly policies: readonly ScalingPolicy[];
  /** Which of the policies counts: the one that allows the most change, the least, or none at all. */
  readonly select: "max" | "min" | "disabled";
  /** Ratios this near to 1 change nothing. */
  readonly tolerance: number;
}

/** At most so many replicas, or so many percent of them, within any stretch of `periodMs`. */
export interface ScalingPolicy {
  readonly kind: "pods" | "percent";
  readonly value: number;
  readonly periodMs: number;
}

/** A change that was made: how many replicas came or went. */
export interface ScaleEvent {
  readonly atMs: number;
  readonly change: number;
}

const periodMs = 15_000;

/** What Kubernetes does where an HPA says nothing: at once, 4 replicas or twice as many every 15 s. */
export const defaultUp: ScalingRules = {
  stabilizationMs: 0,
  policies: [
    { kind: "percent", value: 100, periodMs },
    { kind: "pods", value: 4, periodMs },
  ],
  select: "max",
  tolerance: 0.1,
};

/** What Kubernetes does where an HPA says nothing: all that has not been needed for 5 minutes. */
export const defaultDown: ScalingRules = {
  stabilizationMs: 300_000,
  policies: [{ kind: "percent", value: 100, periodMs }],
  select: "max",
  tolerance: 0.1,
};

/** The most replicas that there may be now, given what came and went of late. */
export function upLimit(
  rules: ScalingRules,
  current: number,
  ups: readonly ScaleEvent[],
  downs: readonly ScaleEvent[],
  nowMs: number,
): number {
  if (rules.select === "disabled") return current;
  const limits = rules.policies.map(({ kind, value, periodMs: period }) => {
    const start = startOf(period, current, ups, downs, nowMs);
    // Rounded up: a percentage of few replicas would otherwise never add one.
    return kind === "pods" ? start + value : Math.ceil(start * (1 + value / 100) - 1e-9);
  });
  return Math.max(current, rules.select === "min" ? Math.min(...limits) : Math.max(...limits));
}

/** The fewest replicas that there may be now, given what came and went of late. */
export function downLimit(
  rules: ScalingRules,
  current: number,
  ups: readonly ScaleEvent[],
  downs: readonly ScaleEvent[],
  nowMs: number,
): number {
  if (rules.select === "disabled") return current;
  const limits = rules.policies.map(({ kind, value, periodMs: period }) => {
    const start = startOf(period, current, ups, downs, nowMs);
    return kind === "pods" ? start - value : Math.trunc(start * (1 - value / 100) + 1e-9);
  });
  return Math.min(current, rules.select === "min" ? Math.max(...limits) : Math.min(...limits));
}

/** The replicas that there were a period ago. */
function startOf(
  period: number,
  current: number,
  ups: readonly ScaleEvent[],
  downs: readonly ScaleEvent[],
  nowMs: number,
): number {
  return current - changed(ups, nowMs - period) + changed(downs, nowMs - period);
}

/** Replicas that came, or went, after a time. */
function changed(events: readonly ScaleEvent[], afterMs: number): number {
  let sum = 0;
  for (const { atMs, change } of events) if (atMs > afterMs) sum += change;
  return sum;
}

/** The longest period of the policies, in ms: older events say nothing any more. */
export function longestPeriod({ policies }: ScalingRules): number {
  return Math.max(0, ...policies.map(({ periodMs: period }) => period));
}
