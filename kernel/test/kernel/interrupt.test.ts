import assert from "node:assert/strict";
import { type KernelProcess, startKernel } from "../client/kernel-process.js";
import { errorOf, resultOf } from "../client/outputs.js";

const loops: Record<string, string> = {
  "a loop": "for (;;) {}",
  "a loop that catches everything": "for (;;) { try { for (;;) {} } catch {} finally {} }",
  "a loop after a timer": "await new Promise((resolve) => setTimeout(resolve, 5)); for (;;) {}",
  "a loop after reading a file": "await (await import('node:fs/promises')).readFile('connection.json'); for (;;) {}",
  "a loop in a timer that the cell waits for": "await new Promise(() => setTimeout(() => { for (;;) {} }, 5))",
  "an endless chain of microtasks": "const again = (): Promise<void> => Promise.resolve().then(again); await again()",
  "a promise that never settles": "await new Promise(() => {})",
  "a sleep": "await new Promise((resolve) => setTimeout(resolve, 1e6))",
  "a wait on shared memory": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
};

describe("interrupt_request", function () {
  this.timeout(60_000);
  let kernel: KernelProcess;
  before(async () => {
    kernel = await startKernel();
    await kernel.client.execute("let state = 'kept'");
  });
  after(() => kernel.close());

  for (const [title, code] of Object.entries(loops)) {
    it(`ends ${title} and keeps the state`, async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        const mark = `looping ${title} ${turn}`;
        const id = kernel.client.start(`console.log(${JSON.stringify(mark)}); ${code}`);
        await kernel.client.heard(({ content }) => content["text"] === `${mark}\n`);
        const reply = await kernel.client.request("interrupt_request", {}, "control");
        assert.equal(reply.content["status"], "ok");
        assert.equal(errorOf(await kernel.client.executed(id)), "Interrupted: the cell was interrupted");
        assert.equal(resultOf(await kernel.client.execute("state")), "'kept'");
      }
    });
  }

  it("runs the `finally` blocks of a cell that waits, and stops what it was doing", async () => {
    await kernel.client.execute("let steps = 0, cleaned = false");
    const code = `
      async function poll() {
        try {
          for await (const step of (async function* () { for (;;) yield await new Promise((resolve) => setTimeout(resolve, 1, 1)) })()) steps += Number(step);
        } finally {
          cleaned = true;
        }
      }
      console.log("polling");
      await poll();`;
    const id = kernel.client.start(code);
    await kernel.client.heard(({ content }) => content["text"] === "polling\n");
    await kernel.client.request("interrupt_request", {}, "control");
    assert.match(errorOf(await kernel.client.executed(id)), /^Interrupted/);
    const after =
      "const seen = steps; await new Promise((resolve) => setTimeout(resolve, 20)); [cleaned, steps === seen]";
    assert.equal(resultOf(await kernel.client.execute(after)), "[ true, true ]");
  });

  it("ends what an interrupted cell left behind when it blocks the next", async () => {
    // Blocks when it is told to and says so, so that it is not over, nor still to come, when the next is interrupted.
    const first = kernel.client.start(`
      let isTold = false;
      function later(): void {
        if (!isTold) return void setTimeout(later, 1);
        console.log("blocks");
        for (;;) {}
      }
      later();
      console.log("left");
      await new Promise(() => {});`);
    await kernel.client.heard(({ content }) => content["text"] === "left\n");
    await kernel.client.request("interrupt_request", {}, "control");
    assert.match(errorOf(await kernel.client.executed(first)), /^Interrupted/);
    const second = kernel.client.start(
      "isTold = true; await new Promise((resolve) => setTimeout(resolve, 60)); 'through'",
    );
    await kernel.client.heard(({ content }) => content["text"] === "blocks\n");
    await kernel.client.request("interrupt_request", {}, "control");
    assert.match(errorOf(await kernel.client.executed(second)), /^Interrupted/);
    assert.equal(resultOf(await kernel.client.execute("state")), "'kept'");
  });

  it("does nothing between cells", async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await kernel.client.request("interrupt_request", {}, "control");
      assert.equal(resultOf(await kernel.client.execute(`state + ${turn}`)), `'kept${turn}'`);
    }
  });

  it("may come at any moment of short cells without ending the next", async () => {
    for (let turn = 0; turn < 30; turn += 1) {
      const id = kernel.client.start(`for (const end = Date.now() + ${turn % 10}; Date.now() < end; ); 'done'`);
      const interrupted = kernel.client.request("interrupt_request", {}, "control");
      const ended = await kernel.client.executed(id);
      await interrupted;
      if (ended.reply.content["status"] === "error") assert.match(errorOf(ended), /^Interrupted/);
      else assert.equal(resultOf(ended), "'done'");
      assert.equal(resultOf(await kernel.client.execute("state")), "'kept'");
    }
  });

  it("aborts the cells that wait behind the interrupted one", async () => {
    const first = kernel.client.start("console.log('endless'); for (;;) {}");
    const second = kernel.client.start("'never'");
    await kernel.client.heard(({ content }) => content["text"] === "endless\n");
    await kernel.client.request("interrupt_request", {}, "control");
    assert.match(errorOf(await kernel.client.executed(first)), /^Interrupted/);
    assert.equal((await kernel.client.executed(second)).reply.content["status"], "aborted");
  });
});
