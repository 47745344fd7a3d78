import assert from "node:assert/strict";
import fc from "fast-check";
import { enter } from "#src/engine/core/platform.js";
import { timeUntilDue } from "#src/engine/core/profile.js";
import { Image } from "#src/engine/image.js";

type Corner = readonly [time: number, rate: number];

function open(corners: readonly Corner[], period = 0): number {
  const image = new Image();
  const place = image.layFloats([corners.length, period, ...corners.flat()]);
  enter(image.ints.buffer, image.ints.length);
  return place;
}

/** The rate at a time, read off the corners the slow way; of two at one time the later counts. */
function rateAt(corners: readonly Corner[], period: number, time: number): number {
  const t = period > 0 ? time % period : time;
  const next = corners.findIndex(([at]) => at > t);
  if (next < 0) return corners.at(-1)![1];
  const [t0, r0] = corners[next - 1]!;
  const [t1, r1] = corners[next]!;
  return r0 + ((r1 - r0) * (t - t0)) / (t1 - t0);
}

/** The integral of the rate by the midpoint rule, in pieces that end at every corner. */
function integral(corners: readonly Corner[], period: number, from: number, to: number): number {
  const cuts = [from, to];
  const turns = period > 0 ? Math.ceil(to / period) : 0;
  for (let turn = 0; turn <= turns; turn++)
    for (const [time] of corners)
      if (turn * period + time > from && turn * period + time < to) cuts.push(turn * period + time);
  cuts.sort((a, b) => a - b);
  let sum = 0;
  for (let i = 1; i < cuts.length; i++) {
    const [a, b] = [cuts[i - 1]!, cuts[i]!];
    // Straight lines: the middle is exact.
    sum += (b - a) * rateAt(corners, period, (a + b) / 2);
  }
  return sum;
}

const corners = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 6 })
  .map((steps) => {
    let time = 0;
    return steps.map(([gap, rate], i): Corner => [i === 0 ? 0 : (time += gap), rate]);
  });

describe("timeUntilDue()", () => {
  it("is the time after which the integral of the rate has grown by what is due", () => {
    fc.assert(
      fc.property(
        corners,
        fc.boolean(),
        fc.double({ min: 0, max: 90, noNaN: true }),
        fc.double({ min: 1e-6, max: 300, noNaN: true }),
        (profile, repeat, now, due) => {
          const length = profile.at(-1)![0];
          const period = repeat ? length : 0;
          if (repeat && !(integral(profile, 0, 0, length) > 0)) return;
          const dt = timeUntilDue(open(profile, period), now, due);
          if (dt === Number.POSITIVE_INFINITY) {
            assert.equal(profile.at(-1)![1], 0);
            assert.ok(integral(profile, 0, now, Math.max(now, length)) <= due * (1 + 1e-12));
          } else {
            const grown = integral(profile, period, now, now + dt);
            assert.ok(Math.abs(grown - due) < 1e-6 * (1 + due), `${grown} of ${due} in ${dt}`);
          }
        },
      ),
      { seed: 4, numRuns: 3_000 },
    );
  });

  it("finds its way in a long profile, and far in the future of a short one", () => {
    const long = Array.from({ length: 10_001 }, (_, i): Corner => [i, i % 2]);
    assert.ok(Math.abs(timeUntilDue(open(long, 10_000), 5_000, 1) - 2) < 1e-9, "half an arrival a unit of time");
    const day = open(
      [
        [0, 0],
        [12, 2],
        [24, 0],
      ],
      24,
    );
    assert.ok(Math.abs(timeUntilDue(day, 24e6, 24) - 24) < 1e-6, "a day has 24");
  });
});
