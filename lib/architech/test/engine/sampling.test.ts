import assert from "node:assert/strict";
import { layZiggurat } from "#src/engine/core/exponential.js";
import { enter } from "#src/engine/core/platform.js";
import { sample } from "#src/engine/core/sampling.js";
import { Image } from "#src/engine/image.js";
import { laySites } from "#src/engine/lay-sites.js";

const sites = Array.from({ length: 20 }, (_, i) => ({
  stream: `s${i}`,
  from: { kind: "exponential", mean: i + 1 } as const,
}));

/** Enters a memory with the sites, which may grow. */
function open(key: string): void {
  const image = new Image();
  laySites(image, sites, key);
  enter(image.ints.buffer, 1 << 20);
  layZiggurat();
}

describe("sample()", () => {
  it("gives each site the draws of its own stream, whatever the others draw", () => {
    const alone = sites.map((_, i) => {
      open("7/0");
      return Array.from({ length: 150 }, () => sample(i));
    });
    open("7/0");
    const mixed = sites.map((): number[] => []);
    for (let k = 0; k < 150 * sites.length; k++) {
      const site = (k * 7 + Math.floor(k / sites.length)) % sites.length;
      mixed[site]!.push(sample(site));
    }
    assert.deepEqual(mixed, alone);
  });

  it("differs by key", () => {
    const first = (key: string) => {
      open(key);
      return sample(0);
    };
    assert.equal(first("7/0"), first("7/0"));
    assert.notEqual(first("7/0"), first("7/1"));
  });
});
