import assert from "node:assert/strict";
import { studentT } from "#src/experiment/student-t.js";

// Two-sided quantiles as the NIST/SEMATECH e-Handbook of Statistical Methods prints them (1.3.6.7.2).
const table: readonly (readonly [df: number, t90: number, t95: number, t99: number])[] = [
  [1, 6.314, 12.706, 63.657],
  [2, 2.92, 4.303, 9.925],
  [3, 2.353, 3.182, 5.841],
  [4, 2.132, 2.776, 4.604],
  [5, 2.015, 2.571, 4.032],
  [9, 1.833, 2.262, 3.25],
  [10, 1.812, 2.228, 3.169],
  [15, 1.753, 2.131, 2.947],
  [20, 1.725, 2.086, 2.845],
  [29, 1.699, 2.045, 2.756],
  [30, 1.697, 2.042, 2.75],
  [60, 1.671, 2, 2.66],
  [100, 1.66, 1.984, 2.626],
];

describe("studentT()", () => {
  for (const [df, t90, t95, t99] of table)
    it(`agrees with the published table at ${df} degrees of freedom`, () => {
      assert.deepEqual(
        [0.95, 0.975, 0.995].map((p) => Number(studentT(p, df).toFixed(3))),
        [t90, t95, t99],
      );
    });

  it("one and two degrees of freedom agree with their closed forms to ten digits", () => {
    for (const p of [0.6, 0.9, 0.99, 0.9999]) {
      const cauchy = Math.tan(Math.PI * (p - 0.5));
      const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      assert.ok(Math.abs(studentT(p, 1) / cauchy - 1) < 1e-10, `${studentT(p, 1)} ${cauchy}`);
      assert.ok(Math.abs(studentT(p, 2) / two - 1) < 1e-10);
    }
  });

  it("approaches the normal distribution, and is symmetric", () => {
    assert.ok(Math.abs(studentT(0.975, 1e7) - 1.959964) < 1e-5);
    assert.equal(studentT(0.025, 7), -studentT(0.975, 7));
    assert.equal(studentT(0.5, 7), 0);
  });

  it("says NaN where there is no quantile", () => {
    for (const [p, df] of [
      [0, 5],
      [1, 5],
      [0.5, 0],
      [NaN, 5],
    ] as const)
      assert.ok(Number.isNaN(studentT(p, df)));
  });
});
