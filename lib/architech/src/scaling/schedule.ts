/** Replicas by the clock: from each time on, so many. Times in ms, in order; `repeatMs` 0 where it does not repeat. */
export interface SchedulePolicy {
  readonly steps: readonly { readonly atMs: number; readonly replicas: number }[];
  readonly repeatMs: number;
}

/** How many replicas the schedule asks for at a time; undefined before its first step. */
export function replicasAt({ steps, repeatMs }: SchedulePolicy, nowMs: number): number | undefined {
  const round = repeatMs > 0 ? Math.floor(nowMs / repeatMs) : 0;
  const inRound = nowMs - round * repeatMs;
  const now = steps.findLast(({ atMs }) => atMs <= inRound);
  // Before the first step of a later round the last one of the round before goes on.
  return now?.replicas ?? (round > 0 ? steps.at(-1)!.replicas : undefined);
}

/** The next time at which the schedule says something, after `nowMs`; Infinity when it has said all. */
export function nextStep({ steps, repeatMs }: SchedulePolicy, nowMs: number): number {
  const round = repeatMs > 0 ? Math.floor(nowMs / repeatMs) : 0;
  for (const from of repeatMs > 0 ? [round, round + 1] : [0])
    for (const { atMs } of steps) if (from * repeatMs + atMs > nowMs) return from * repeatMs + atMs;
  return Number.POSITIVE_INFINITY;
}
