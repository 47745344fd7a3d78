import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { amountPattern, parseAmount, quoted, shortNumber } from "#src/units/amount.js";
import { durations, formatDuration, parseDuration } from "#src/units/duration.js";
import { formatRate, parseRate, rates } from "#src/units/rate.js";
import { formatRatio, parseRatio } from "#src/units/ratio.js";
import { formatSize, parseSize } from "#src/units/size.js";

function refused(read: () => unknown, message: RegExp): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof ArchitechError);
    assert.equal(error.code, "unit-invalid");
    assert.match(error.message, message);
    return true;
  });
}

describe("units", () => {
  it("durations are milliseconds", () => {
    for (const [text, ms] of [
      ["4ms", 4],
      ["250us", 0.25],
      ["1.5s", 1500],
      [".5min", 30_000],
      ["2.h", 7_200_000],
      ["1e3us", 1],
      ["0ms", 0],
    ] as const)
      assert.equal(parseDuration(text), ms, text);
  });

  it("rates are events per millisecond", () => {
    assert.equal(parseRate("120rps"), 0.12);
    assert.equal(parseRate("60rpm"), 0.001);
    assert.equal(parseRate("3600rph"), 0.001);
  });

  it("sizes are bytes, in powers of 1000 and of 1024", () => {
    assert.equal(parseSize("2GiB"), 2 ** 31);
    assert.equal(parseSize("1.5KB"), 1500);
    assert.equal(parseSize("3MiB"), 3 * 2 ** 20);
  });

  it("ratios are shares from 0 to 1", () => {
    assert.equal(parseRatio("85%"), 0.85);
    assert.equal(parseRatio(0.2), 0.2);
    refused(() => parseRatio(1.2), /1\.2 is not a ratio: write 0 to 1, or "0%" to "100%"/);
    refused(() => parseRatio("101%"), /"101%" is not a ratio/);
    refused(() => parseRatio("x"), /"x" is not a ratio: write a number and %, as in "85%"/);
    refused(() => parseRatio(Number.NaN), /NaN is not a ratio/);
  });

  const wrong: readonly [unknown, RegExp][] = [
    ["5msec", /"5msec" is not a duration: write a number and us, ms, s, min or h, as in "4ms"/],
    [5, /5 is not a duration: it has no unit; write/],
    ["-4ms", /it is negative/],
    ["NaNms", /it is not finite/],
    ["Infinityms", /it is not finite/],
    ["1e999s", /it is too large to count/],
    ["4 ms", /write a number and us/],
    ["", /"" is not a duration/],
    [undefined, /nothing is not a duration/],
    [["4ms"], /a list is not a duration/],
    [{}, /an object is not a duration/],
    [() => 4, /a function is not a duration/],
    ["9".repeat(100), /"9{57}\.\.\." is not a duration/],
  ];
  for (const [value, message] of wrong)
    it(`parseDuration refuses ${quoted(value)}`, () => refused(() => parseDuration(value as string), message));

  it("amountPattern() accepts exactly what parseAmount() reads", () => {
    const pattern = new RegExp(amountPattern(rates));
    for (const text of ["1rps", "0.5rpm", "1e3rph", ".5rps", "1.rps", "rps", "1", "1 rps", "-1rps", "1rpss", "+1rps"]) {
      let reads = true;
      try {
        parseAmount(rates, text);
      } catch {
        reads = false;
      }
      assert.equal(pattern.test(text), reads, text);
    }
    const positive = new RegExp(amountPattern(durations, true));
    assert.deepEqual(
      ["0ms", "0.0s", "0.01ms", "10ms"].map((text) => positive.test(text)),
      [false, false, true, true],
    );
  });

  it("formatDuration() chooses the unit after rounding", () => {
    for (const [ms, text] of [
      [0, "0 ms"],
      [0.000_02, "20 ns"],
      [0.25, "250 µs"],
      [4, "4 ms"],
      [999.9, "1 s"],
      [1500, "1.5 s"],
      [1_200_000, "20 min"],
      [7_200_000, "2 h"],
      [-4, "−4 ms"],
      [Number.NaN, "–"],
      [Number.POSITIVE_INFINITY, "∞"],
      [Number.NEGATIVE_INFINITY, "−∞"],
    ] as const)
      assert.equal(formatDuration(ms), text, String(ms));
  });

  it("formatRate(), formatRatio() and formatSize() read as a person writes", () => {
    assert.equal(formatRate(120), "120/s");
    assert.equal(formatRate(123_456), "123,456/s");
    assert.equal(formatRate(Number.NaN), "–");
    assert.equal(formatRatio(0.854), "85.4 %");
    assert.equal(formatRatio(Number.NaN), "–");
    assert.equal(formatSize(1536), "1.5 KiB");
    assert.equal(formatSize(0), "0 B");
    assert.equal(shortNumber(1e21), "1e+21");
  });
});
