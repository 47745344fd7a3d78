import assert from "node:assert/strict";
import { type Piece, PieceCache } from "#src/runs/piece-cache.js";

const piece = (first: number, bytes: number): Piece => ({ first, frames: [new Uint8Array(bytes)] });

describe("PieceCache", () => {
  it("keeps no more bytes than its limit: what was not wanted for longest goes first", () => {
    const cache = new PieceCache(100);
    const gone: number[] = [];
    const [a, b, c] = [piece(0, 40), piece(1, 40), piece(2, 40)];
    for (const each of [a, b]) cache.keep(each, () => gone.push(each.first));
    cache.wanted(a);
    cache.keep(c, () => gone.push(c.first));
    assert.deepEqual(gone, [1]);
    assert.equal(cache.bytes, 80);
    cache.drop(a);
    cache.drop(b);
    assert.deepEqual(gone, [1, 0]);
    assert.equal(cache.bytes, 40);
  });

  it("keeps nothing that is larger than all that may be kept", () => {
    const cache = new PieceCache(100);
    let gone = 0;
    cache.keep(piece(0, 101), () => gone++);
    assert.equal(gone, 1);
    assert.equal(cache.bytes, 0);
  });
});
