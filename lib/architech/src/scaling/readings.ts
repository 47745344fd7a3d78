/** What an HPA reads of one of its metrics, and the target it compares it with. */
export type Reading = PodReading | TotalReading;

/** A metric of each replica, of which the average counts: cpu, or a value per pod. */
export interface PodReading {
  readonly kind: "utilization" | "average of pods";
  /** A share from 0 to 1 for utilisation, else a value. */
  readonly target: number;
  /** Values of the replicas that count. */
  readonly values: readonly number[];
  /** Replicas whose metric is missing. */
  readonly missing: number;
  /** Replicas that are not ready yet, or whose metric is older than their readiness. */
  readonly unready: number;
}

/** One value for all: an object's or an external metric. "value" compares it as it is, "average" divides it by the replicas. */
export interface TotalReading {
  readonly kind: "value" | "average";
  readonly target: number;
  /** Undefined where it cannot be read. */
  readonly value: number | undefined;
  /** Replicas that are ready. */
  readonly ready: number;
}

/** How far from 1 a ratio may be without changing anything, up and down. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/**
 * Replicas that one metric asks for: ceil(replicas × value / target), as many as now where the ratio is within the
 * tolerance, undefined where the metric says nothing. After the algorithm of the HPA's documentation
 * (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale, "Algorithm details").
 */
export function replicasFor(reading: Reading, current: number, tolerance: Tolerance): number | undefined {
  return "values" in reading ? forPods(reading, current, tolerance) : forTotal(reading, current, tolerance);
}

function forPods(reading: PodReading, current: number, tolerance: Tolerance): number | undefined {
  const { values, missing, unready } = reading;
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  const ratio = sum / values.length / reading.target;
  // Replicas that are not ready hold a rise back, and nothing else.
  const rebalance = unready > 0 && ratio > 1;
  if (!rebalance && missing === 0) return within(ratio, tolerance) ? current : atLeast(ratio * values.length);
  let assumed = 0;
  // A utilisation that is missing counts as all of the cores, a value as its target.
  if (ratio < 1) assumed = missing * (reading.kind === "utilization" ? Math.max(1, reading.target) : reading.target);
  const count = values.length + missing + (rebalance ? unready : 0);
  const careful = (sum + assumed) / count / reading.target;
  const turns = (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1);
  if (turns || within(careful, tolerance)) return current;
  const next = atLeast(careful * count);
  return (careful < 1 && next > current) || (careful > 1 && next < current) ? current : next;
}

function forTotal({ kind, target, value, ready }: TotalReading, current: number, tolerance: Tolerance) {
  if (value === undefined) return undefined;
  if (kind === "average") return within(value / (target * current), tolerance) ? current : atLeast(value / target);
  const ratio = value / target;
  // From nothing neither the tolerance nor the replicas count: there are none.
  if (current === 0) return atLeast(ratio);
  return within(ratio, tolerance) ? current : atLeast(ratio * ready);
}

/** Both ends included, but for rounding. */
function within(ratio: number, { up, down }: Tolerance): boolean {
  return 1 - down - 1e-9 <= ratio && ratio <= 1 + up + 1e-9;
}

/** The whole number that is not less, but for rounding: 1.5 × 2 replicas are 3. */
function atLeast(replicas: number): number {
  return Math.max(0, Math.ceil(replicas - 1e-9));
}
