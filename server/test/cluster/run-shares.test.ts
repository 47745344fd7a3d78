import assert from "node:assert/strict";
import { sharesOf } from "#src/cluster/run-shares.js";

function runs(user: string, count: number): { id: string; user: string; created: number }[] {
  return Array.from({ length: count }, (_, i) => ({ id: `${user}${i}`, user, created: 10 - i }));
}

function ofUser(shares: ReadonlyMap<string, number>, user: string): number {
  return [...shares].reduce((sum, [id, share]) => sum + (id.startsWith(user) ? share : 0), 0);
}

describe("shares of runs", () => {
  it("are even between users, and between the runs of one", () => {
    assert.deepEqual([...sharesOf([...runs("a", 2), ...runs("b", 1)], 16)].sort(), [
      ["a0", 4],
      ["a1", 4],
      ["b0", 8],
    ]);
  });

  it("of a hundred runs are together what one of another user has, and the oldest come first", () => {
    const shares = sharesOf([...runs("a", 100), ...runs("b", 1)], 24);
    assert.equal(ofUser(shares, "a"), 12);
    assert.equal(ofUser(shares, "b"), 12);
    assert.equal(shares.get("a99"), 1, "the oldest");
    assert.equal(shares.get("a0"), 0, "the newest");
  });

  it("are one at least for each user", () => {
    const many = Array.from({ length: 50 }, (_, i) => runs(`u${i}x`, 1)).flat();
    assert.deepEqual(new Set(sharesOf(many, 16).values()), new Set([1]));
  });
});
