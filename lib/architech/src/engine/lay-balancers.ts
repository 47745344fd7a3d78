import * as at from "./core/addresses.js";
import * as its from "./core/balancer-places.js";
import type { Image } from "./image.js";
import type { Program } from "./program.js";
import { stationStride } from "./station-plan.js";

/** Lays balancers with what they know of each candidate; stations are laid already. */
export function layBalancers(image: Image, { balancers }: Program): void {
  if (balancers.length === 0) return;
  const first = image.take(its.balancerStride * balancers.length);
  image.set(at.balancers, first);
  const stationAt = (station: number): number => (station < 0 ? 0 : image.ints[at.stations]! + stationStride * station);
  for (const [i, plan] of balancers.entries()) {
    const b = first + its.balancerStride * i;
    const count = plan.candidates.length;
    const candidates = image.take(its.candidateStride * count);
    const list = image.take(count + (count % 2));
    const kept = image.take(plan.keys);
    const ring = image.lay(
      plan.ring.flatMap(({ hash, candidate }) => [hash, candidates + its.candidateStride * candidate]),
    );
    const { ints, floats } = image;
    for (const [place, value] of [
      [its.balancerBy, plan.by],
      [its.balancerCount, count],
      [its.balancerFirst, candidates],
      [its.balancerSite, plan.site],
      [its.balancerChoices, plan.choices],
      [its.balancerRing, ring],
      [its.balancerPoints, plan.ring.length],
      [its.balancerList, list],
      [its.balancerKept, kept],
      [its.balancerMask, plan.keys - 1],
      [its.balancerFailures, plan.failures],
      [its.balancerNearest, plan.nearest ? 1 : 0],
      [its.balancerEjections, plan.ejections],
      [its.balancerDown, plan.down],
      [its.balancerUp, plan.up],
    ] as const)
      ints[b + place] = value;
    const { stale, decay, bound, ejectedFor, most, slowStart, sticky } = plan;
    floats.set([stale, Number.NEGATIVE_INFINITY, decay, bound, ejectedFor, most, slowStart, sticky], b / 2 + 8);
    for (const [k, { weight, station, near, there }] of plan.candidates.entries()) {
      const c = candidates + its.candidateStride * k;
      ints[c + its.candidateStation] = stationAt(station);
      ints[c + its.candidateNear] = near ? 1 : 0;
      ints[c + its.candidateThere] = there ? 1 : 0;
      // Those that are there at first have been there for ever.
      floats.set([weight, 0, -1, 0, 0, Number.NEGATIVE_INFINITY], c / 2 + its.candidateWeight);
    }
  }
}
