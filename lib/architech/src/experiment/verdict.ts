import { meanInterval } from "./interval.js";
import { formatNumber, formatUnit } from "./quantity.js";
import { differences, pairwiseConfidence } from "./stopping.js";

/** Which scenario is better, as far as the runs show. */
export interface Verdict {
  /** The scenario that is better than every other, or "undecided". */
  readonly best: string;
  /** By how much the best is better than the next best; when undecided, how far the two that look best differ (may be negative). */
  readonly difference: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly unit: string;
    readonly than: string;
  };
  /** Paired replications behind it. */
  readonly runs: number;
  readonly sentence: string;
}

/**
 * Judges scenarios that saw the same random numbers: Student's t interval of the difference of each pair, replication
 * by replication. With more than two scenarios, the intervals are widened (Bonferroni) so that all hold together.
 */
export function judge(
  scenarios: readonly string[],
  values: readonly (readonly number[])[],
  { metric, unit, confidence }: { metric: string; unit: string; confidence: number },
): Verdict {
  const sign = isBetterHigh(metric) ? 1 : -1;
  const ranked = scenarios
    .map((name, i) => ({ name, values: values[i] ?? [], mean: meanInterval(values[i] ?? [], confidence).mean }))
    .sort((a, b) => sign * (b.mean - a.mean));
  const [best, next] = ranked;
  if (best === undefined || next === undefined) throw new Error("a comparison has at least two scenarios");
  const pairwise = pairwiseConfidence(confidence, scenarios.length);
  const gaps = ranked.slice(1).map((other) =>
    meanInterval(
      differences(best.values, other.values).map((difference) => sign * difference),
      pairwise,
    ),
  );
  const [gap] = gaps;
  const { mean = NaN, low = NaN, high = NaN, runs = 0 } = gap ?? {};
  const isDecided = gaps.every((interval) => interval.low > 0);
  const sure = `(${Math.round(confidence * 100)} %)`;
  const range = `${formatNumber(low)} to ${formatNumber(high)} ${formatUnit(unit)}`.trimEnd();
  const than = scenarios.length > 2 ? ` than ${next.name}, the next best,` : "";
  const paired = `${runs} paired ${runs === 1 ? "run" : "runs"}`;
  const sentence = isDecided
    ? `${best.name} is better${than} by ${range} ${sure}, ${paired}`
    : `undecided after ${paired}: ${doubt(best.name, next.name, { low, high, range: `${range} ${sure}` })}`;
  return {
    best: isDecided ? best.name : "undecided",
    difference: { mean, low, high, unit, than: next.name },
    runs,
    sentence,
  };
}

function doubt(best: string, next: string, { low, high, range }: { low: number; high: number; range: string }): string {
  if (Number.isNaN(low)) return "two at least are needed to see how far they vary";
  if (low === 0 && high === 0) return `${best} and ${next} gave the same in each of them`;
  return `${best} is better than ${next} by ${range}, which may be nothing`;
}

/** Whether more of a metric is better: throughput and hits are; waiting, errors, load and cost are not. */
function isBetterHigh(metric: string): boolean {
  return metric.endsWith(".rate") || metric.endsWith(".hit.ratio");
}
