import assert from "node:assert/strict";
import { Window } from "#src/runs/window.js";

describe("Window", () => {
  it("has room until its limit is in flight, and again when that is acknowledged", async () => {
    const window = new Window(100);
    for (let seq = 0; seq < 3; seq++) window.sent(seq, 30);
    assert.ok(window.hasRoom(10) && !window.hasRoom(11));
    const changed = window.changed();
    window.acknowledge(1);
    await changed;
    assert.equal(window.inFlight, 30);
    window.acknowledge(0);
    assert.equal(window.inFlight, 30, "what was acknowledged is not acknowledged twice");
  });

  it("refuses an acknowledgement of what was not sent", () => {
    const window = new Window(100);
    assert.throws(() => window.acknowledge(0), { code: "bad-message" });
    window.sent(7, 30);
    assert.throws(() => window.acknowledge(8), { code: "bad-message" });
    assert.equal(window.inFlight, 30);
    window.acknowledge(7);
    assert.equal(window.inFlight, 0);
  });

  it("lets one frame of any size through when nothing is in flight", () => {
    const window = new Window(100);
    assert.ok(window.hasRoom(1_000_000));
    window.sent(0, 1_000_000);
    assert.ok(!window.hasRoom(1));
  });
});
