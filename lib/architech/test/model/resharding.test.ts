import assert from "node:assert/strict";
import { movesOf, slotsOf } from "#src/model/resharding.js";

/** Slots of each shard before and after, and how many move. */
function dealt(count: number, to: number, slots?: number): { before: number[]; after: number[]; moves: number } {
  const shards = { count, reshard: { to, at: "0ms", copy: "1ms", ...(slots === undefined ? {} : { slots }) } };
  const owners = slotsOf(shards);
  const sizes = (many: number): number[] =>
    Array.from({ length: many }, (_, shard) => owners.filter((owner) => owner === shard).length);
  const before = sizes(count);
  const moves = movesOf(shards);
  for (const { slot, from, to } of moves) {
    assert.equal(owners[slot], from);
    owners[slot] = to;
  }
  return { before, after: sizes(Math.max(count, to)), moves: moves.length };
}

describe("moves of slots", () => {
  it("are as few as can be: of n shards and one more, 1 of n + 1 slots moves", () => {
    for (let n = 1; n <= 20; n++) {
      const { before, after, moves } = dealt(n, n + 1);
      assert.deepEqual(before, Array(n).fill(n + 1));
      assert.deepEqual(after, Array(n + 1).fill(n));
      assert.equal(moves, n);
    }
  });

  it("halve every shard when there are twice as many", () => {
    const { after, moves } = dealt(4, 8, 64);
    assert.deepEqual(after, Array(8).fill(8));
    assert.equal(moves, 32);
  });

  it("leave nothing with shards that go", () => {
    const { after, moves } = dealt(5, 3, 35);
    assert.deepEqual(after, [12, 12, 11, 0, 0]);
    assert.equal(moves, 14);
  });

  it("leave no two shards more than one slot apart", () => {
    for (const [count, to, slots] of [
      [3, 7, 33],
      [6, 4, 60],
      [2, 9, 10],
    ] as const) {
      const sizes = dealt(count, to, slots).after.slice(0, to);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
    }
  });

  it("never move a slot twice", () => {
    for (const [count, to] of [
      [3, 5],
      [5, 3],
      [7, 2],
    ] as const) {
      const moves = movesOf({ count, reshard: { to, at: "0ms", copy: "1ms" } });
      assert.equal(new Set(moves.map(({ slot }) => slot)).size, moves.length);
    }
  });
});
