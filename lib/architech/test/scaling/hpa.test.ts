import assert from "node:assert/strict";
import { Hpa, type HpaPolicy } from "#src/scaling/hpa.js";
import type { Reading } from "#src/scaling/readings.js";
import { defaultDown, defaultUp } from "#src/scaling/rules.js";

const second = 1000;
const policy = (settings: Partial<HpaPolicy> = {}): HpaPolicy => ({
  min: 1,
  max: 1000,
  up: defaultUp,
  down: defaultDown,
  ...settings,
});

/** A metric that asks for exactly so many replicas. */
const asks = (replicas: number): Reading => ({ kind: "average", target: 1, value: replicas, ready: 1 });

/** Replicas after each sync, every 15 s from 15 s on, while the metric asks for these numbers. */
function course(settings: HpaPolicy, from: number, wishes: readonly number[], everyMs = 15 * second): number[] {
  const hpa = new Hpa(settings);
  let current = from;
  return wishes.map((wish, i) => (current = hpa.decide((i + 1) * everyMs, current, [asks(wish)])));
}

const times = (n: number, wish: number): number[] => Array<number>(n).fill(wish);

describe("Hpa", () => {
  it("adds 4 replicas or doubles them every 15 s, whichever is more, until it has what it wants", () => {
    assert.deepEqual(course(policy(), 1, times(6, 100)), [5, 10, 20, 40, 80, 100]);
  });

  it("falls at once to what is wanted, 5 minutes after more was wanted", () => {
    // Wishes of the last 300 s count, the very first one too: from 8 at 15 s, down at 315 s.
    const found = course(policy(), 8, times(21, 2));
    assert.deepEqual(found, [...times(20, 8), 2]);
  });

  it("falls to the highest wish of its window", () => {
    const found = course(
      policy({ down: { ...defaultDown, stabilizationMs: 60 * second } }),
      10,
      [6, 5, 3, 3, 3, 3, 4, 3],
    );
    assert.deepEqual(found, [10, 10, 10, 10, 5, 3, 4, 4]);
  });

  it("rises to the lowest wish of its window", () => {
    const found = course(policy({ up: { ...defaultUp, stabilizationMs: 60 * second } }), 2, [9, 5, 9, 9, 9, 6, 9]);
    assert.deepEqual(found, [2, 2, 2, 2, 5, 6, 6]);
  });

  it("removes 10 % of 80 replicas a minute, rounded up, and 4 at a time below 40: the documentation's example", () => {
    const rules = {
      ...defaultDown,
      stabilizationMs: 0,
      policies: [
        { kind: "pods", value: 4, periodMs: 60 * second },
        { kind: "percent", value: 10, periodMs: 60 * second },
      ] as const,
    };
    const found = course(policy({ down: rules }), 80, times(10, 10), 60 * second);
    assert.deepEqual(found, [72, 64, 57, 51, 45, 40, 36, 32, 28, 24]);
    // Synced every 15 s, it is one such step in a minute.
    assert.deepEqual(course(policy({ down: rules }), 80, times(9, 10)), [72, 72, 72, 72, 64, 64, 64, 64, 57]);
  });

  it("with select min takes the policy that changes least: at most 5 replicas of a minute", () => {
    const rules = {
      ...defaultDown,
      stabilizationMs: 0,
      select: "min",
      policies: [
        { kind: "percent", value: 10, periodMs: 60 * second },
        { kind: "pods", value: 5, periodMs: 60 * second },
      ],
    } as const;
    assert.deepEqual(course(policy({ down: rules }), 80, times(3, 10), 60 * second), [75, 70, 65]);
    assert.deepEqual(course(policy({ down: rules }), 30, times(3, 10), 60 * second), [27, 24, 21]);
    const up = { ...defaultUp, select: "min" } as const;
    assert.deepEqual(course(policy({ up }), 3, times(3, 50)), [6, 10, 14]);
  });

  it("with select disabled never goes that way", () => {
    assert.deepEqual(course(policy({ down: { ...defaultDown, select: "disabled" } }), 9, times(30, 1)), times(30, 9));
    assert.deepEqual(course(policy({ up: { ...defaultUp, select: "disabled" } }), 2, times(3, 9)), times(3, 2));
  });

  it("grows tenfold every minute where it may: the first story of the proposal (KEP-853)", () => {
    const up = { ...defaultUp, policies: [{ kind: "percent", value: 900, periodMs: 60 * second }] as const };
    assert.deepEqual(course(policy({ up }), 1, times(3, 1000), 60 * second), [10, 100, 1000]);
  });

  it("takes the largest of several wishes", () => {
    const hpa = new Hpa(policy());
    assert.equal(hpa.decide(15 * second, 3, [asks(2), asks(6), asks(4)]), 6);
  });

  it("does not fall while one of its metrics cannot be read, but rises", () => {
    const unread: Reading = { kind: "value", target: 1, value: undefined, ready: 1 };
    const down = { ...defaultDown, stabilizationMs: 0 };
    assert.equal(new Hpa(policy({ down })).decide(15 * second, 5, [unread, asks(2)]), 5);
    assert.equal(new Hpa(policy({ down })).decide(15 * second, 5, [asks(2)]), 2);
    assert.equal(new Hpa(policy()).decide(15 * second, 5, [unread, asks(7)]), 7);
    assert.equal(new Hpa(policy()).decide(15 * second, 5, [unread]), 5);
  });

  it("stays between its bounds, and goes there at once from outside", () => {
    assert.deepEqual(course(policy({ min: 3, max: 6 }), 3, [1, 9, 9]), [3, 6, 6]);
    assert.deepEqual(course(policy({ min: 3, max: 6 }), 20, [4]), [6]);
    assert.deepEqual(course(policy({ min: 3, max: 60 }), 1, [50]), [3]);
  });

  it("leaves alone what was scaled to nothing, unless that is its own bound", () => {
    assert.deepEqual(course(policy(), 0, times(2, 9)), [0, 0]);
    const down = { ...defaultDown, stabilizationMs: 0 };
    assert.deepEqual(course(policy({ min: 0, down }), 0, [0, 3, 3, 0]), [0, 3, 3, 0]);
  });
});
