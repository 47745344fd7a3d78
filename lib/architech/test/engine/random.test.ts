import assert from "node:assert/strict";
import { Random, seedStream } from "#src/engine/random.js";

function stream(name: string): Random {
  const states = new Int32Array(4);
  seedStream(states, 0, name);
  const random = new Random();
  random.load(states, 0);
  return random;
}

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
      const random = stream(name);
      return Array.from({ length: 8 }, () => random.word());
    };
    assert.deepEqual(words("7/0/api"), words("7/0/api"));
    for (const other of ["7/1/api", "7/0/apj", "70/api", "7/0/ap", ""])
      assert.notDeepEqual(words("7/0/api"), words(other));
  });

  it("are those of sfc32, as its author publishes them", () => {
    // PractRand's sfc32 from the state (a, b, c, counter): tmp = a + b + counter++; a = b ^ b >> 9; b = c + (c << 3);
    // c = rotl(c, 21) + tmp. The first words from (1, 2, 3, 1), worked out with 64-bit integers masked to 32.
    const random = new Random();
    random.load(Int32Array.of(1, 2, 3, 1), 0);
    let [a, b, c, d] = [1n, 2n, 3n, 1n];
    const mask = 0xffff_ffffn;
    for (let i = 0; i < 100; i++) {
      const t = (a + b + d) & mask;
      d = (d + 1n) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = ((((c << 21n) | (c >> 11n)) & mask) + t) & mask;
      assert.equal(random.word() >>> 0, Number(t));
    }
  });

  it("fill the unit interval evenly, alone and in pairs, and never reach its ends", () => {
    const random = stream("even");
    const total = 400_000;
    const single = new Int32Array(256);
    const pairs = new Int32Array(1024);
    let before = 0.5;
    for (let i = 0; i < total; i++) {
      const u = random.uniform();
      assert.ok(u > 0 && u < 1);
      single[(u * 256) | 0]!++;
      pairs[((before * 32) | 0) * 32 + ((u * 32) | 0)]!++;
      before = u;
    }
    assert.ok(Math.abs(deviation(single, total)) < 4, `single: ${deviation(single, total)}`);
    assert.ok(Math.abs(deviation(pairs, total)) < 4, `pairs: ${deviation(pairs, total)}`);
  });

  it("of neighbouring names are unrelated", () => {
    const [one, two] = [stream("1/0/traffic/arrivals"), stream("1/1/traffic/arrivals")];
    const total = 100_000;
    let product = 0;
    for (let i = 0; i < total; i++) product += (one.uniform() - 0.5) * (two.uniform() - 0.5);
    // The product of two independent uniforms has the standard deviation 1/12.
    const z = product / Math.sqrt(total) / (1 / 12);
    assert.ok(Math.abs(z) < 4, String(z));
  });

  it("go on where they were stored", () => {
    const states = new Int32Array(8);
    seedStream(states, 4, "later");
    const random = new Random();
    random.load(states, 4);
    random.word();
    random.store(states, 4);
    const next = random.word();
    const resumed = new Random();
    resumed.load(states, 4);
    assert.equal(resumed.word(), next);
  });
});
