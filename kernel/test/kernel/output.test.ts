import assert from "node:assert/strict";
import { type KernelProcess, startKernel } from "../client/kernel-process.js";
import { contents, resultOf, streamed } from "../client/outputs.js";

describe("output", () => {
  let kernel: KernelProcess;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());
  const run = (code: string) => kernel.client.execute(code);

  it("tells stdout from stderr and keeps their order", async () => {
    const executed = await run("console.log('a'); console.error('b'); process.stdout.write('c'); console.warn('d')");
    const seen = contents(executed, "stream").map(({ name, text }) => [name, text]);
    assert.deepEqual(seen, [
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c"],
      ["stderr", "d\n"],
    ]);
  });

  it("delivers bursts whole", async () => {
    for (const lines of [500, 1, 5_000, 500]) {
      const executed = await run(`for (let i = 0; i < ${lines}; i++) console.log(i)`);
      const expected = Array.from({ length: lines }, (_, i) => `${i}\n`).join("");
      assert.equal(streamed(executed), expected);
    }
  });

  it("delivers 30 MB of text whole and in few messages", async () => {
    const executed = await run("const line = 'x'.repeat(99); for (let i = 0; i < 300_000; i++) console.log(line)");
    assert.equal(streamed(executed).length, 30_000_000);
    assert.ok(contents(executed, "stream").length < 3_000);
  });

  it("sends what a cell writes before the cell ends", async () => {
    const id = kernel.client.start("console.log('early'); await new Promise((resolve) => comms.on('go', resolve))");
    await kernel.client.heard(({ content }) => content["text"] === "early\n");
    kernel.client.send("comm_open", { comm_id: "go-1", target_name: "go", data: {} });
    assert.equal((await kernel.client.executed(id)).reply.content["status"], "ok");
  });

  it("shows what programs write that a cell starts", async () => {
    const id = kernel.client.start(
      "(await import('node:child_process')).spawnSync('echo', ['outside'], { stdio: 'inherit' }).status",
    );
    assert.equal(resultOf(await kernel.client.executed(id)), "0");
    await kernel.client.heard(({ content }) => content["text"] === "outside\n");
  });

  it("shows html, markdown, svg, json and bundles, each with an id", async () => {
    const executed = await run(
      "display.html('<b>h</b>'); display.markdown('*m*'); display.svg('<svg/>'); display.json({ a: 1 }); display.bundle({ 'text/x-own': 'o' }, { metadata: { 'text/x-own': { wide: true } } })",
    );
    const shown = contents(executed, "display_data");
    assert.deepEqual(
      shown.map(({ data }) => data),
      [
        { "text/html": "<b>h</b>" },
        { "text/markdown": "*m*" },
        { "image/svg+xml": "<svg/>" },
        { "application/json": { a: 1 }, "text/plain": '{"a":1}' },
        { "text/x-own": "o" },
      ],
    );
    assert.deepEqual(shown.at(-1)?.["metadata"], { "text/x-own": { wide: true } });
    assert.equal(new Set(shown.map(({ transient }) => (transient as { display_id: string }).display_id)).size, 5);
    assert.equal(resultOf(executed), undefined);
  });

  it("renews in place what was shown, also from a later cell", async () => {
    const first = await run("const shown = display.html('one')");
    const [{ transient } = {}] = contents(first, "display_data");
    const second = await run("await shown.update('two')");
    const [update] = contents(second, "update_display_data");
    assert.deepEqual(update, { data: { "text/html": "two" }, metadata: {}, transient });
  });

  it("clears output, at once or with the next", async () => {
    const executed = await run("display.clear(); display.clear({ wait: true })");
    assert.deepEqual(contents(executed, "clear_output"), [{ wait: false }, { wait: true }]);
  });

  it("lets an object say how it is shown", async () => {
    const executed = await run(
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<i>me</i>', 'text/plain': 'me' }) })",
    );
    assert.deepEqual(contents(executed, "execute_result")[0]?.["data"], {
      "text/html": "<i>me</i>",
      "text/plain": "me",
    });
  });

  it("prints values as Node does", async () => {
    assert.equal(resultOf(await run("new Map([['a', { b: [1, 2n] }]])")), "Map(1) { 'a' => { b: [ 1, 2n ] } }");
    assert.equal(resultOf(await run("({ get later() { return 1 } })")), "{ later: [Getter] }");
  });

  it("reports errors that no cell waits for, and goes on", async () => {
    await run("setTimeout(() => { throw new Error('late') }, 1); Promise.reject(new Error('unhandled')); 0");
    await kernel.client.heard(({ content }) => /uncaught: .*late/.test(String(content["text"])));
    await kernel.client.heard(({ content }) => /unhandled rejection: .*unhandled/.test(String(content["text"])));
    assert.equal(resultOf(await run("'still here'")), "'still here'");
  });
});
