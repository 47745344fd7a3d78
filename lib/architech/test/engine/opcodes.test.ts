import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { opcodes } from "#src/engine/opcodes.js";

describe("opcodes", () => {
  it("are the numbers that the loop's switch repeats, each with its name behind it", () => {
    const source = readFileSync(new URL("../../../src/engine/core/loop.ts", import.meta.url), "utf8");
    const loop = source.slice(source.indexOf("switch (I[pc])"), source.indexOf("default:"));
    // The name stands behind the number, or on the line below where the formatter has broken it.
    const cases = [...loop.matchAll(/case (\d+):(?: \{)?\s*\/\/ (\w+)/g)].map(([, number, name]) => [
      name,
      Number(number),
    ]);
    assert.deepEqual(
      Object.fromEntries(cases.sort(([, a], [, b]) => Number(a) - Number(b))),
      Object.fromEntries(Object.entries(opcodes)),
    );
    assert.equal(cases.length, [...loop.matchAll(/\bcase \d+:/g)].length, "no case without a name");
  });
});
