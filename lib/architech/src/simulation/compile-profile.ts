import type { Assembler } from "../engine/assembler.js";
import type { ProfileDocument } from "../model/traffic-document.js";
import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";

/**
 * Lays a profile among the constants: how many points there are, the time after which it begins anew (or 0), then time
 * and rate of each, with straight lines between them. A step is two points at one time.
 */
export function compileProfile(
  assembler: Assembler,
  { points, steps = false, repeat = false }: ProfileDocument,
): number {
  const corners: [time: number, rate: number][] = [];
  for (const { at, rate } of points) {
    const [time, value] = [parseDuration(at), parseRate(rate)];
    const before = corners.at(-1);
    if (before === undefined && time > 0) corners.push([0, value]);
    if (steps && before !== undefined) corners.push([time, before[1]]);
    corners.push([time, value]);
  }
  return assembler.constants(corners.length, repeat ? corners.at(-1)![0] : 0, ...corners.flat());
}
