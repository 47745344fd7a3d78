import assert from "node:assert/strict";
import { nextStep, type SchedulePolicy, stepAt } from "#src/scaling/schedule.js";

const once: SchedulePolicy = {
  steps: [
    { atMs: 10, replicas: 2 },
    { atMs: 50, replicas: 7 },
  ],
  repeatMs: 0,
};
const daily: SchedulePolicy = { ...once, repeatMs: 100 };

describe("a schedule", () => {
  it("asks for what its last step said", () => {
    assert.deepEqual(
      [0, 10, 49, 50, 1000].map((at) => stepAt(once, at)?.replicas),
      [undefined, 2, 2, 7, 7],
    );
  });

  it("that repeats goes on with its last step until the first of the next round", () => {
    assert.deepEqual(
      [0, 10, 60, 100, 105, 110, 150].map((at) => stepAt(daily, at)?.replicas),
      [undefined, 2, 7, 7, 7, 2, 7],
    );
  });

  it("says when its next step comes", () => {
    assert.deepEqual(
      [0, 10, 49, 50].map((at) => nextStep(once, at)),
      [10, 50, 50, Number.POSITIVE_INFINITY],
    );
    assert.deepEqual(
      [0, 10, 50, 99, 110].map((at) => nextStep(daily, at)),
      [10, 50, 110, 110, 150],
    );
  });
});
