import assert from "node:assert/strict";
import * as at from "#src/engine/core/addresses.js";
import { Image } from "#src/engine/image.js";

describe("Image", () => {
  it("keeps what is set though laying it made the memory grow", () => {
    const image = new Image();
    const before = image.ints;
    image.set(at.faults, image.take(10_000));
    assert.notEqual(image.ints, before);
    assert.equal(image.ints[at.faults], image.take(0) - 10_000);
  });

  it("lays ints and doubles one behind another, each at an even place", () => {
    const image = new Image();
    const first = image.lay([1, 2, 3]);
    const second = image.layFloats([0.5]);
    assert.equal(second * 2, first + 4);
    assert.equal(image.floats[second], 0.5);
  });
});
