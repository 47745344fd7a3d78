import assert from "node:assert/strict";
import { before, Windows } from "#src/parts/windows.js";

const never = Number.POSITIVE_INFINITY;

describe("windows of time", () => {
  it("end where the next event of another part, and a message of it, could come", () => {
    const windows = new Windows(2, Float64Array.of(never, 5, 3, never));
    const next = Float64Array.of(10, 100);
    assert.equal(windows.horizon(1, next), 15);
    assert.equal(windows.horizon(0, next), 18, "what the first sends may wake the second, which answers");
  });

  it("see through parts that hand on", () => {
    const links = Float64Array.of(never, 1, never, never, never, 2, never, never, never);
    const windows = new Windows(3, links);
    const next = Float64Array.of(10, never, never);
    assert.equal(windows.horizon(1, next), 11);
    assert.equal(windows.horizon(2, next), 13);
    assert.equal(windows.horizon(0, next), never, "nothing comes back");
  });

  it("end just before that moment", () => {
    for (const x of [5, 1e-300, 1e300, 0.1]) {
      assert.ok(before(x) < x);
      assert.equal((before(x) + x) / 2 === x || (before(x) + x) / 2 === before(x), true, "nothing lies between");
    }
    assert.ok(before(never) < never);
  });
});
