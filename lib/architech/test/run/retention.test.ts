import assert from "node:assert/strict";
import { type KeptRun, surplusRuns } from "#src/run/retention.js";

/** Runs by a letter for the user and a number, oldest first: "a1 a2 b1", each of so many bytes. */
const runs = (names: string, bytes = 10): KeptRun[] =>
  names.split(" ").map((id) => ({ id, user: id.slice(0, 1), bytes }));

describe("which runs make room for others", () => {
  it("none while there is room", () => {
    assert.deepEqual(surplusRuns([], { maxKept: 1 }), []);
    assert.deepEqual(surplusRuns(runs("a1 a2 b1"), { maxKept: 2, maxKeptBytes: 30 }), []);
    assert.deepEqual(surplusRuns(runs("a1 a2 b1"), {}), []);
  });

  it("the oldest of each user who has too many", () => {
    assert.deepEqual(surplusRuns(runs("a1 b1 a2 a3 b2 a4"), { maxKept: 2 }), ["a1", "a2"]);
    assert.deepEqual(surplusRuns(runs("a1 b1 a2 a3 b2 b3"), { maxKept: 1 }).sort(), ["a1", "a2", "b1", "b2"]);
  });

  it("of too many bytes the oldest of whoever has most at that moment", () => {
    const both = [...runs("a1 b1"), ...runs("b2 b3", 20), ...runs("a2", 5)];
    // a has 15 and b 50; then b has 40 and 20.
    assert.deepEqual(surplusRuns(both, { maxKeptBytes: 40 }), ["b1", "b2"]);
    // Nothing is left of b but the newest.
    assert.deepEqual(surplusRuns(both, { maxKeptBytes: 30 }), ["b1", "b2", "a1"]);
  });

  it("never the newest of a user, whatever its size", () => {
    assert.deepEqual(surplusRuns(runs("a1 b1 c1", 1e12), { maxKeptBytes: 1 }), []);
    assert.deepEqual(surplusRuns(runs("a1 a2", 1e12), { maxKept: 1, maxKeptBytes: 1 }), ["a1"]);
  });

  it("none that is needed: the next goes instead, if there is one", () => {
    const isNeeded = (id: string): boolean => id === "a1";
    assert.deepEqual(surplusRuns(runs("a1 a2 a3"), { maxKept: 2 }, isNeeded), ["a2"]);
    assert.deepEqual(surplusRuns(runs("a1 a2"), { maxKept: 1 }, isNeeded), []);
    assert.deepEqual(surplusRuns(runs("a1 a2 b1 b2"), { maxKeptBytes: 10 }, isNeeded), ["b1"]);
  });
});
