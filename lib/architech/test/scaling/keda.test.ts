import assert from "node:assert/strict";
import { Keda, type KedaPolicy } from "#src/scaling/keda.js";

const second = 1000;
const policy = (settings: Partial<KedaPolicy> = {}): KedaPolicy => ({
  min: 0,
  idle: undefined,
  cooldownMs: 300 * second,
  initialCooldownMs: 0,
  ...settings,
});

/** Replicas after each poll, every 30 s from 30 s on. */
function course(settings: KedaPolicy, from: number, actives: readonly boolean[]): number[] {
  const keda = new Keda(settings);
  let current = from;
  return actives.map((active, i) => (current = keda.poll((i + 1) * 30 * second, current, active)));
}

const quiet = (n: number): boolean[] => Array<boolean>(n).fill(false);

/** keda.sh/docs/latest/reference/scaledobject-spec: pollingInterval, cooldownPeriod, idleReplicaCount, minReplicaCount. */
describe("Keda", () => {
  it("goes from nothing to one at the first poll that finds something", () => {
    assert.deepEqual(course(policy(), 0, [false, false, true]), [0, 0, 1]);
  });

  it("goes back to nothing once nothing has been active for the cooldown", () => {
    // Active at 30 s and not again: 300 s later it is 330 s, the eleventh poll.
    assert.deepEqual(course(policy(), 0, [true, ...quiet(10)]), [...Array<number>(10).fill(1), 0]);
    assert.deepEqual(course(policy(), 0, [true, false, true, ...quiet(10)]).slice(10), [1, 1, 0]);
  });

  it("leaves between 1 and the most to the HPA", () => {
    assert.deepEqual(course(policy(), 7, [true, true]), [7, 7]);
    assert.deepEqual(course(policy(), 7, [true, ...quiet(10)]).at(-1), 0, "and takes all of them after the cooldown");
  });

  it("takes away at once what was never active, after the initial cooldown", () => {
    assert.deepEqual(course(policy(), 3, quiet(1)), [0]);
    assert.deepEqual(course(policy({ initialCooldownMs: 120 * second }), 3, quiet(4)), [3, 3, 3, 0]);
  });

  it("holds its minimum, active or not", () => {
    assert.deepEqual(course(policy({ min: 2 }), 5, quiet(12)), Array<number>(12).fill(5));
    assert.deepEqual(course(policy({ min: 2 }), 1, [false]), [2]);
    assert.deepEqual(course(policy({ min: 2 }), 0, [true]), [2]);
  });

  it("idles below its minimum, and comes back to it at once: the documentation's example of 0, 10 and more", () => {
    const found = course(policy({ min: 10, idle: 0 }), 0, [false, true, ...quiet(10), true]);
    assert.deepEqual(found, [0, ...Array<number>(10).fill(10), 0, 10]);
  });
});
