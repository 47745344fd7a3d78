import assert from "node:assert/strict";
import { Blocks } from "#src/parts/blocks.js";

describe("numbers of messages", () => {
  const blocks = new Blocks();
  // Windows up to 10, 20 and 30, whose own events have the numbers from 164, 264 and 364 on.
  blocks.begin(100, 64);
  blocks.end(10);
  blocks.begin(200, 64);
  blocks.end(20);
  blocks.begin(300, 64);
  blocks.end(30);
  blocks.begin(400, 64);

  it("stand in front of those of the window during which they were sent", () => {
    assert.equal(blocks.number(15), 200);
    assert.equal(blocks.number(20), 201, "in the order of sending");
    assert.equal(blocks.number(5), 100);
    assert.equal(blocks.number(31), 400, "or of the window that goes on");
  });

  it("come before what was put in later, and it is not known where they come in their window", () => {
    assert.equal(blocks.isLater(364, 15), true);
    assert.equal(blocks.isLater(264, 15), false);
    assert.equal(blocks.isLater(500, 31), false);
  });

  it("are shared when a window has more messages than numbers, which it notes", () => {
    assert.equal(blocks.crowded, false);
    for (let i = 0; i < 100; i++) blocks.number(25);
    assert.equal(blocks.number(25), 363);
    assert.equal(blocks.crowded, true);
  });

  it("are as many as the windows before had messages, twice over", () => {
    blocks.end(40);
    assert.equal(blocks.room, 64);
    blocks.begin(600, 64);
    for (let i = 0; i < 50; i++) blocks.number(45);
    blocks.end(50);
    assert.equal(blocks.room, 100);
  });
});
