import { ArchitechError } from "@architech/protocol";
import type { PointKey } from "./stream-tables.js";

/** Every combination of the values of a grid's axes; the last axis changes fastest. Throws on an axis without values. */
export function pointsOf(over: Readonly<Record<string, readonly (number | string)[]>>): PointKey[] {
  let points: PointKey[] = [{}];
  for (const [name, values] of Object.entries(over)) {
    if (values.length === 0)
      throw new ArchitechError("invalid-argument", `"${name}" of the sweep has no values`, { path: [name] });
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  }
  return points;
}
