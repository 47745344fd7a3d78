/** Replicas by the clock: from each time on, so many, of this size. Times in ms, in order; `repeatMs` 0 where it does not repeat. */
export interface SchedulePolicy {
  readonly steps: readonly ScheduleStep[];
  readonly repeatMs: number;
}

/** What it does not say stays. */
export interface ScheduleStep {
  readonly atMs: number;
  readonly replicas?: number | undefined;
  /** Of each replica. */
  readonly threads?: number | undefined;
  readonly cores?: number | undefined;
}

/** The step that a schedule has come to; undefined before its first. */
export function stepAt({ steps, repeatMs }: SchedulePolicy, nowMs: number): ScheduleStep | undefined {
  const round = repeatMs > 0 ? Math.floor(nowMs / repeatMs) : 0;
  const inRound = nowMs - round * repeatMs;
  // Before the first step of a later round the last one of the round before goes on.
  return steps.findLast(({ atMs }) => atMs <= inRound) ?? (round > 0 ? steps.at(-1) : undefined);
}

/** The next time at which the schedule says something, after `nowMs`; Infinity when it has said all. */
export function nextStep({ steps, repeatMs }: SchedulePolicy, nowMs: number): number {
  const round = repeatMs > 0 ? Math.floor(nowMs / repeatMs) : 0;
  for (const from of repeatMs > 0 ? [round, round + 1] : [0])
    for (const { atMs } of steps) if (from * repeatMs + atMs > nowMs) return from * repeatMs + atMs;
  return Number.POSITIVE_INFINITY;
}
