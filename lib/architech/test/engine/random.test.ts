import assert from "node:assert/strict";
import { enter } from "#src/engine/core/platform.js";
import { beginStream, loadStream, storeStream, uniform, word } from "#src/engine/core/random.js";
import { seedStream } from "#src/engine/seed.js";
import { openStream } from "./memory.js";

/** Chi-square of counts against equal shares, as so many standard deviations from its mean. */
function deviation(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length;
  let chi = 0;
  for (let i = 0; i < counts.length; i++) chi += (counts[i]! - expected) ** 2 / expected;
  const freedom = counts.length - 1;
  return (chi - freedom) / Math.sqrt(2 * freedom);
}

describe("random streams", () => {
  it("of equal names are equal, of others not", () => {
    const words = (name: string) => {
      openStream(name);
      return Array.from({ length: 8 }, word);
    };
    assert.deepEqual(words("7/0/api"), words("7/0/api"));
    for (const other of ["7/1/api", "7/0/apj", "70/api", "7/0/ap", ""])
      assert.notDeepEqual(words("7/0/api"), words(other));
  });

  it("are those of sfc32, worked out with 64-bit integers masked to 32", () => {
    // tmp = a + b + counter++; a = b ^ b >> 9; b = c + (c << 3); c = rotl(c, 21) + tmp.
    beginStream(1, 2, 3);
    let [a, b, c, d] = [1n, 2n, 3n, 1n];
    const mask = 0xffff_ffffn;
    for (let i = 0; i < 100; i++) {
      const t = (a + b + d) & mask;
      d = (d + 1n) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = ((((c << 21n) | (c >> 11n)) & mask) + t) & mask;
      assert.equal(word() >>> 0, Number(t));
    }
  });

  it("fill the unit interval evenly, alone and in pairs, and never reach its ends", () => {
    openStream("even");
    const total = 400_000;
    const single = new Int32Array(256);
    const pairs = new Int32Array(1024);
    let before = 0.5;
    for (let i = 0; i < total; i++) {
      const u = uniform();
      assert.ok(u > 0 && u < 1);
      single[(u * 256) | 0]!++;
      pairs[((before * 32) | 0) * 32 + ((u * 32) | 0)]!++;
      before = u;
    }
    assert.ok(Math.abs(deviation(single, total)) < 4, `single: ${deviation(single, total)}`);
    assert.ok(Math.abs(deviation(pairs, total)) < 4, `pairs: ${deviation(pairs, total)}`);
  });

  it("of neighbouring names are unrelated", () => {
    const total = 100_000;
    const draws = (name: string) => {
      openStream(name);
      return Float64Array.from({ length: total }, uniform);
    };
    const [one, two] = [draws("1/0/traffic/arrivals"), draws("1/1/traffic/arrivals")];
    const product = one.reduce((sum, u, i) => sum + (u - 0.5) * (two[i]! - 0.5), 0);
    // The product of two independent uniforms has the standard deviation 1/12.
    const z = product / Math.sqrt(total) / (1 / 12);
    assert.ok(Math.abs(z) < 4, String(z));
  });

  it("go on where they were stored", () => {
    enter(new ArrayBuffer(64), 16);
    seedStream(4, "later");
    loadStream(4);
    word();
    storeStream(4);
    const next = word();
    loadStream(4);
    assert.equal(word(), next);
  });
});
