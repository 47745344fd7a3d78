import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { ConverterThread } from "#src/converter/converter-thread.js";

describe("ConverterThread", () => {
  it("starts anew when a cell is too much for its memory, and says so", async () => {
    let losses = 0;
    const converter = new ConverterThread(tmpdir(), () => (losses += 1), { memoryMb: 160 });
    assert.ok((await converter.convert("const before = 1")).ok);
    const huge = `const all = [${'{ a: 1, b: "two", c: [3, 4] },'.repeat(600_000)}]`;
    await assert.rejects(converter.convert(huge), /the type checker ended: .*memory/);
    assert.equal(losses, 1);
    assert.ok((await converter.convert("const after = 2")).ok);
    assert.equal((await converter.convert("before")).ok, false);
    await converter.close();
  });

  it("refuses everything when it cannot even start", async () => {
    const converter = new ConverterThread(tmpdir(), () => {}, { memoryMb: 8 });
    for (const code of ["1", "2"]) await assert.rejects(converter.convert(code), /the type checker ended/);
    await converter.close();
  });
});
