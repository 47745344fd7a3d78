import assert from "node:assert/strict";
import { type KernelProcess, startKernel } from "../client/kernel-process.js";

describe("questions about code", () => {
  let kernel: KernelProcess;
  before(async () => {
    kernel = await startKernel();
    await kernel.client.execute(
      "/** Adds *two* numbers. */ function add(a: number, b: number) { return a + b } const pet = { name: 'Rex', age: 3 }",
    );
  });
  after(() => kernel.close());
  const ask = async (type: string, content: Record<string, unknown>) =>
    (await kernel.client.request(type, content)).content;

  it("completes properties of earlier cells' values with their kinds", async () => {
    const reply = await ask("complete_request", { code: "pet.", cursor_pos: 4 });
    assert.deepEqual(reply["matches"], ["age", "name"]);
    const { _jupyter_types_experimental: types } = reply["metadata"] as { _jupyter_types_experimental: unknown[] };
    assert.deepEqual(types[0], { start: 4, end: 4, text: "age", type: "property" });
  });

  it("replaces the whole word and counts characters, not UTF-16 units", async () => {
    const code = "'😀😀'; pet.nam + 1";
    const cursor_pos = [...code].indexOf("m") + 1;
    const reply = await ask("complete_request", { code, cursor_pos });
    assert.deepEqual(reply["matches"], ["name"]);
    assert.equal(reply["cursor_start"], cursor_pos - 3);
    assert.equal(reply["cursor_end"], cursor_pos);
  });

  it("completes architech wherever the notebook is", async () => {
    const code = "import { Archi } from 'architech'";
    const reply = await ask("complete_request", { code, cursor_pos: 14 });
    assert.ok((reply["matches"] as string[]).includes("ArchitechError"), JSON.stringify(reply));
  });

  it("inspects types and documentation", async () => {
    const reply = await ask("inspect_request", { code: "add(1, 2)", cursor_pos: 3, detail_level: 0 });
    assert.equal(reply["found"], true);
    const data = reply["data"] as Record<string, string>;
    assert.equal(data["text/plain"], "function add(a: number, b: number): number\n\nAdds *two* numbers.");
    assert.match(data["text/markdown"] ?? "", /^```typescript\n/);
    assert.equal((await ask("inspect_request", { code: "  ", cursor_pos: 1 }))["found"], false);
  });

  it("knows complete, incomplete and invalid code", async () => {
    const status = async (code: string) => ask("is_complete_request", { code });
    assert.deepEqual(await status("pet.age"), { status: "complete" });
    assert.deepEqual(await status("if (pet) {"), { status: "incomplete", indent: "  " });
    assert.deepEqual(await status("pet pet"), { status: "invalid" });
  });

  it("survives questions without sense", async () => {
    assert.equal((await ask("complete_request", { code: 7, cursor_pos: "x" }))["status"], "ok");
    assert.equal((await ask("complete_request", { code: "pet.", cursor_pos: 4000 }))["status"], "ok");
    assert.equal((await ask("inspect_request", {}))["status"], "ok");
    assert.equal((await ask("history_request", { hist_access_type: "nonsense" }))["status"], "ok");
  });

  it("tells its history: tail, range and search", async () => {
    for (const code of ["'one'", "'two'", "'one'"]) await kernel.client.execute(code);
    const history = async (content: Record<string, unknown>) => (await ask("history_request", content))["history"];
    assert.deepEqual(await history({ hist_access_type: "tail", n: 2 }), [
      [1, 3, "'two'"],
      [1, 4, "'one'"],
    ]);
    assert.deepEqual(await history({ hist_access_type: "range", session: 0, start: 2, stop: 3, output: true }), [
      [1, 2, ["'one'", "'one'"]],
    ]);
    assert.deepEqual(await history({ hist_access_type: "search", pattern: "'on?'", unique: true }), [[1, 4, "'one'"]]);
    assert.deepEqual(await history({ hist_access_type: "range", session: -1 }), []);
  });
});
