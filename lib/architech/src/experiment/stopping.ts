import { halfWidth, meanInterval } from "./interval.js";

/** Replications before the width of an interval is looked at for the first time. */
export const pilotRuns = 10;

/**
 * How many further replications an experiment wants, 0 when it is done.
 *
 * The rule: a pilot of ten; then as many as the variance seen so far predicts to be enough, but never more than as many
 * again. So the width is looked at only a few times, which keeps the interval's coverage near its confidence
 * (stopping at the first lucky look would not). `widest` is the widest half-width as a multiple of the wanted one.
 */
export function furtherRuns(done: number, widest: number, atMost: number): number {
  if (done < pilotRuns) return Math.min(pilotRuns, atMost) - done;
  if (widest <= 1 || done >= atMost) return 0;
  const predicted = Math.ceil(done * widest * widest);
  return Math.min(Math.max(predicted, done + 1), 2 * done, atMost) - done;
}

/** Half-width of the mean over the wanted share of it, for values of one point. */
export function relativeWidth(values: readonly number[], confidence: number, share: number): number {
  const interval = meanInterval(values, confidence);
  return ratio(halfWidth(interval), share * Math.abs(interval.mean));
}

/**
 * The same for a comparison: the widest interval of a difference between two scenarios, paired by replication, over
 * the wanted share of the first scenario's mean. `values[scenario][replication]`.
 */
export function relativePairedWidth(values: readonly (readonly number[])[], confidence: number, share: number): number {
  const wanted = share * Math.abs(meanInterval(values[0] ?? [], confidence).mean);
  let widest = 0;
  for (let a = 0; a < values.length; a++)
    for (let b = a + 1; b < values.length; b++) {
      const interval = meanInterval(
        differences(values[a] ?? [], values[b] ?? []),
        pairwiseConfidence(confidence, values.length),
      );
      widest = Math.max(widest, ratio(halfWidth(interval), wanted));
    }
  return widest;
}

/** Difference of each replication of two scenarios, which saw the same random numbers. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.min(a.length, b.length) }, (_, i) => (a[i] ?? NaN) - (b[i] ?? NaN));
}

/** Bonferroni: with k scenarios, each of the k(k − 1)/2 pairs gets its share of the error, so that all hold together. */
export function pairwiseConfidence(confidence: number, scenarios: number): number {
  const pairs = Math.max(1, (scenarios * (scenarios - 1)) / 2);
  return 1 - (1 - confidence) / pairs;
}

function ratio(half: number, wanted: number): number {
  return half === 0 ? 0 : half / wanted;
}
