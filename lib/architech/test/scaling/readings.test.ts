import assert from "node:assert/strict";
import { type PodReading, replicasFor } from "#src/scaling/readings.js";

const tolerance = { up: 0.1, down: 0.1 };
const pods = (settings: Partial<PodReading>): PodReading => ({
  kind: "utilization",
  target: 0.5,
  values: [],
  missing: 0,
  unready: 0,
  ...settings,
});

/** Worked examples of kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale and its walkthrough. */
describe("replicasFor()", () => {
  it("is ceil(replicas × value / target): 200m of 100m doubles, 50m of 100m halves", () => {
    const reading = (value: number) =>
      pods({ kind: "average of pods", target: 0.1, values: [value, value, value, value] });
    assert.equal(replicasFor(reading(0.2), 4, tolerance), 8);
    assert.equal(replicasFor(reading(0.05), 4, tolerance), 2);
  });

  it("takes one replica at 305 % of its request to 7 at a target of 50 %, as in the walkthrough", () => {
    assert.equal(replicasFor(pods({ values: [3.05] }), 1, tolerance), 7);
  });

  it("changes nothing while the ratio is within the tolerance, both ends included", () => {
    for (const value of [0.45, 0.5, 0.55]) assert.equal(replicasFor(pods({ values: [value] }), 7, tolerance), 7);
    assert.equal(replicasFor(pods({ values: [0.56, 0.56] }), 2, tolerance), 3);
    assert.equal(
      replicasFor(pods({ values: [0.44, 0.44, 0.44, 0.44, 0.44, 0.44, 0.44, 0.44, 0.44] }), 9, tolerance),
      8,
    );
    assert.equal(replicasFor(pods({ values: [0.56] }), 1, { up: 0.2, down: 0 }), 1);
    assert.equal(replicasFor(pods({ values: [0.49, 0.01] }), 2, { up: 0.2, down: 0 }), 1);
  });

  it("takes replicas that are not ready as using nothing, when the others would have it rise", () => {
    // 50 % and 70 % of two ready replicas against 30 %; one more is not ready: 40 % on average, ceil(3 × 4 / 3).
    assert.equal(replicasFor(pods({ target: 0.3, values: [0.5, 0.7], unready: 1 }), 3, tolerance), 4);
    // Four are not ready: nothing that they would do can be known yet.
    assert.equal(replicasFor(pods({ target: 0.3, values: [0.5, 0.7], unready: 4 }), 6, tolerance), 6);
    assert.equal(
      replicasFor(pods({ target: 0.5, values: [0.2, 0.2], unready: 3 }), 5, tolerance),
      1,
      "not on the way down",
    );
  });

  it("takes missing metrics as 100 % on the way down and as 0 % on the way up", () => {
    const average = (values: number[], missing: number, current: number) =>
      replicasFor(pods({ kind: "average of pods", target: 10, values, missing }), current, tolerance);
    assert.equal(average([20, 20], 2, 4), 4, "40 over 4 is 10: no more than the target");
    assert.equal(average([40, 40], 2, 4), 8, "80 over 4 is 20: twice the target");
    assert.equal(average([2, 2], 2, 4), 3, "24 over 4 is 6");
    assert.equal(average([0, 0, 0, 0], 0, 4), 0);
    assert.equal(
      replicasFor(pods({ target: 0.5, values: [0.1, 0.1], missing: 2 }), 4, tolerance),
      4,
      "all of a core: 55 %",
    );
  });

  it("says nothing where there is nothing to read", () => {
    assert.equal(replicasFor(pods({ unready: 2 }), 2, tolerance), undefined);
    assert.equal(replicasFor({ kind: "value", target: 10, value: undefined, ready: 2 }, 2, tolerance), undefined);
  });

  it("multiplies the ready replicas by an object's value over its target", () => {
    const value = (of: number, ready: number, current: number) =>
      replicasFor({ kind: "value", target: 100, value: of, ready }, current, tolerance);
    assert.equal(value(250, 4, 4), 10);
    assert.equal(value(250, 2, 4), 5);
    assert.equal(value(105, 4, 4), 4);
    assert.equal(value(250, 0, 0), 3, "from nothing");
    assert.equal(value(0, 0, 0), 0);
  });

  it("divides a total by its target for each replica", () => {
    const average = (value: number, current: number) =>
      replicasFor({ kind: "average", target: 30, value, ready: current }, current, tolerance);
    assert.equal(average(290, 3), 10);
    assert.equal(average(98, 3), 3, "98 of 90 is within the tolerance");
    assert.equal(average(0, 3), 0);
    assert.equal(average(31, 0), 2);
  });
});
