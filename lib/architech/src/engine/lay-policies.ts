import * as at from "./core/addresses.js";
import type { Image } from "./image.js";
import { policyStride } from "./policy-plan.js";
import type { Program } from "./program.js";

/** Lays policies, classes of requests, and what faults set. */
export function layPolicies(image: Image, { policies, classes, levers }: Program): void {
  const first = image.take(policyStride * policies.length);
  image.ints[at.policies] = first;
  for (const [i, { ints, doubles, room, shares }] of policies.entries()) {
    const place = first + policyStride * i;
    const own = room?.ints === undefined ? image.takeFloats(room?.doubles ?? 0) : image.take(room.ints);
    image.ints.set(ints, place);
    image.floats.set(doubles, place / 2 + 8);
    if (shares !== undefined) image.set(place + 15, image.layFloats(shares));
    if (room === undefined) continue;
    image.ints[place + room.at] = own;
    if (room.fill !== undefined) image.floats.fill(room.fill, own, own + room.doubles!);
  }
  image.set(at.classes, image.layFloats(classes.flatMap(({ priority, weight }) => [priority, weight])));
  image.set(at.levers, image.layFloats(levers));
}
