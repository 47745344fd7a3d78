import assert from "node:assert/strict";
import { formatNumber, formatUnit } from "#src/experiment/quantity.js";
import { textTable } from "#src/experiment/text-table.js";

describe("text for a person", () => {
  it("formatNumber() keeps three significant digits", () => {
    for (const [value, text] of [
      [0, "0"],
      [2.345, "2.35"],
      [31.41, "31.4"],
      [1234.5, "1,235"],
      [-0.5, "−0.500"],
      [0.000_05, "5.00e−5"],
      [2.5e7, "2.50e+7"],
      [Number.NaN, "–"],
      [Number.POSITIVE_INFINITY, "∞"],
      [Number.NEGATIVE_INFINITY, "−∞"],
    ] as const)
      assert.equal(formatNumber(value), text);
  });

  it("formatUnit() says nothing of a share", () => {
    assert.deepEqual(["1", "1/s", "ms"].map(formatUnit), ["", "/s", "ms"]);
  });

  it("textTable() aligns names to the left and numbers to the right, by characters and not bytes", () => {
    assert.equal(
      textTable(["metric", "mean", ""], [["api", "3.14", "ms"], ["größe", "12", "µs"], ["short"]], [0, 2]),
      ["metric  mean", "──────  ────  ──", "api     3.14  ms", "größe     12  µs", "short"].join("\n"),
    );
  });
});
