import type { RunInfo } from "@architech/protocol";

/** How many runs that are over are kept, and their bytes in all. Default 200 and 2 GiB. */
export interface RetentionLimits {
  readonly maxKept?: number;
  readonly maxKeptBytes?: number;
}

/** The oldest of the runs that are over, as long as there are too many or they are too large; those that are needed stay. */
export function* surplusRuns(
  oldestFirst: readonly RunInfo[],
  { maxKept = 200, maxKeptBytes = 2 * 2 ** 30 }: RetentionLimits,
  isNeeded: (id: string) => boolean = () => false,
): Generator<string, void, undefined> {
  let bytes = oldestFirst.reduce((total, info) => total + info.bytes, 0);
  let kept = oldestFirst.length;
  for (const info of oldestFirst) {
    // The newest stays, whatever its size: someone is about to read it.
    if ((kept <= maxKept && bytes <= maxKeptBytes) || kept === 1) return;
    if (isNeeded(info.id)) continue;
    kept--;
    bytes -= info.bytes;
    yield info.id;
  }
}
