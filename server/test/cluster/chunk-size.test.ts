import assert from "node:assert/strict";
import { ChunkSize } from "#src/cluster/chunk-size.js";

describe("how many tasks are handed out at once", () => {
  const two = { left: 10_000, threads: 2, share: 16 };

  it("one, and few of them, until it is known what one takes; all where all are soon done", () => {
    assert.deepEqual([new ChunkSize(false).next(two), new ChunkSize(false).out(two)], [1, 4]);
    assert.equal(new ChunkSize(false).out({ ...two, threads: 0 }), 16);
    assert.equal(new ChunkSize(true).next({ ...two, left: 30 }), 15);
    assert.equal(new ChunkSize(true).next({ ...two, left: 30, threads: 0 }), 30);
  });

  it("for half a second where two threads have sixteen chunks, a quarter for one, a second for many", () => {
    const size = new ChunkSize(false);
    size.took(2, 20);
    assert.equal(size.next(two), 50);
    assert.equal(size.next({ ...two, threads: 1 }), 25);
    assert.equal(size.next({ left: 1e6, threads: 100, share: 300 }), 100);
    assert.equal(size.next({ ...two, threads: 0 }), 25);
    assert.equal(size.out(two), 16);
  });

  it("for so long with very many that a hundred chunks come back in a second, but for no longer than 20 s", () => {
    const size = new ChunkSize(false);
    size.took(1, 100);
    const many = { left: 1e6, share: 3_000 };
    assert.deepEqual(
      [100, 500, 1_000, 5_000].map((threads) => size.next({ ...many, threads })),
      [10, 50, 100, 200],
    );
  });

  it("fewer as the end comes near, so that all threads end at about the same time", () => {
    const size = new ChunkSize(false);
    size.took(1, 10);
    assert.deepEqual(
      [300, 100, 40, 20, 8, 1, 0].map((left) => size.next({ ...two, left })),
      [50, 25, 10, 5, 4, 1, 1],
    );
    // A thread that has no other need not wait for any.
    assert.equal(size.next({ ...two, left: 20, threads: 1 }), 20);
    // Of a task that takes longer than a chunk the last ones come one by one.
    size.took(1, 10_000);
    assert.equal(size.next({ ...two, left: 3 }), 1);
  });

  it("but no more chunks than whoever leads the run keeps up with, however near the end is", () => {
    const size = new ChunkSize(false);
    size.took(1, 10);
    assert.equal(size.next({ left: 1e6, threads: 500, share: 1_500 }), 500);
    assert.equal(size.next({ left: 250_000, threads: 500, share: 1_500 }), 500);
    assert.equal(size.next({ left: 50_000, threads: 500, share: 1_500 }), 100);
  });

  it("never more than a chunk may have", () => {
    const size = new ChunkSize(false);
    size.took(1_000, 1);
    assert.equal(size.next({ ...two, left: 1e6 }), 1_000);
  });
});
