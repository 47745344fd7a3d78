import * as at from "./core/addresses.js";
import type { Image } from "./image.js";
import type { Program } from "./program.js";
import { restingStride } from "./resting-plan.js";
import { stationStride } from "./station-plan.js";

/** Lays records of nodes whose threads start cold, with nobody at rest; stations are laid already. */
export function layResting(image: Image, { resting }: Program): void {
  if (resting.length === 0) return;
  const first = image.take(restingStride * resting.length);
  image.set(at.resting, first);
  for (const [i, { firstStation, stations, threads, idle }] of resting.entries()) {
    const r = first + restingStride * i;
    const counts = image.take(stations);
    const since = image.takeFloats(stations * threads);
    const { ints, floats } = image;
    ints.set([ints[at.stations]! + stationStride * firstStation, counts, since, threads], r);
    floats[r / 2 + 2] = idle;
  }
}
