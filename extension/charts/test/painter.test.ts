import assert from "node:assert/strict";
import { Painter } from "#src/painter.js";
import { StandInClock } from "./stand-in-clock.js";

describe("Painter", () => {
  let clock: StandInClock;
  let drawn: number;
  let costMs: number;
  let painter: Painter;
  beforeEach(() => {
    clock = new StandInClock();
    drawn = 0;
    costMs = 1;
    painter = new Painter(() => {
      drawn += 1;
      clock.pass(costMs);
    }, clock);
  });

  it("draws once with the next screen, however often it was asked", () => {
    for (let ask = 0; ask < 100; ask++) painter.request();
    assert.equal(drawn, 0);
    clock.tick(16);
    assert.equal(drawn, 1);
    clock.tick(1000);
    assert.equal(drawn, 1);
  });

  it("draws more than ten times a second while there is always something new", () => {
    for (let elapsed = 0; elapsed < 1000; elapsed += 16) {
      painter.request();
      clock.tick(16);
    }
    assert.ok(drawn >= 10 && drawn <= 25, `${drawn} drawings in a second`);
  });

  it("leaves the page two thirds of its time when drawing is slow", () => {
    costMs = 200;
    const end = 6000;
    while (clock.now() < end) {
      painter.request();
      clock.tick(16);
    }
    assert.ok(drawn * costMs <= end / 2.9, `${drawn} drawings of ${costMs} ms in ${end} ms`);
    assert.ok(drawn >= 5);
  });

  it("draws the last drawing at once, and what was asked for before is drawn with it", () => {
    painter.request();
    painter.now();
    assert.equal(drawn, 1);
    clock.tick(1000);
    assert.equal(drawn, 1);
  });

  it("draws nothing once it is called off, and again when it is asked again", () => {
    painter.request();
    painter.cancel();
    clock.tick(1000);
    assert.equal(drawn, 0);
    painter.request();
    clock.tick(16);
    assert.equal(drawn, 1);
  });
});
