import assert from "node:assert/strict";
import { type KernelProcess, startKernel } from "../client/kernel-process.js";
import { contents, errorOf, resultOf } from "../client/outputs.js";

describe("stdin and comms", () => {
  let kernel: KernelProcess;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());
  const run = (code: string, options = {}) => kernel.client.execute(code, options);

  it("input() asks the client that runs the cell, and password hides", async () => {
    const { client } = kernel;
    for (const password of [false, true]) {
      const prompt = password ? "secret? " : "name? ";
      const id = client.start(`await input(${JSON.stringify(prompt)}, { password: ${password} })`);
      const asked = await client.answered(({ content }) => content["prompt"] === prompt);
      assert.equal(asked.header.msg_type, "input_request");
      assert.equal(asked.content["password"], password);
      assert.equal(asked.parent["msg_id" as never], id);
      client.send("input_reply", { value: "Ada", status: "ok" }, { channel: "stdin", parent: asked.header });
      assert.equal(resultOf(await client.executed(id)), "'Ada'");
    }
  });

  it("input() rejects where the client cannot answer", async () => {
    assert.match(errorOf(await run("await input('?')", { allow_stdin: false })), /front end that can answer/);
  });

  it("an interrupt ends the wait for an answer", async () => {
    const id = kernel.client.start("await input('waiting? ')");
    await kernel.client.answered(({ content }) => content["prompt"] === "waiting? ");
    await kernel.client.request("interrupt_request", {}, "control");
    assert.match(errorOf(await kernel.client.executed(id)), /^Interrupted/);
  });

  it("a cell opens a comm, sends and receives binary buffers, and closes it", async () => {
    const { client } = kernel;
    const opened = await run(`
      const comm = comms.open("chart", { a: 1 }, [new Uint8Array([1, 2, 3])]);
      comm.onMessage((data, buffers) => comm.send({ got: data }, buffers.map((one) => one.map((byte) => byte * 2))));
      let closed = "";
      comm.onClose((data) => { closed = JSON.stringify(data) });
    `);
    const open = opened.outputs.find(({ header }) => header.msg_type === "comm_open");
    assert.equal(open?.content["target_name"], "chart");
    assert.deepEqual(open?.content["data"], { a: 1 });
    assert.deepEqual([...(open?.buffers[0] ?? [])], [1, 2, 3]);
    const comm_id = String(open?.content["comm_id"]);
    const { content } = await client.request("comm_info_request", { target_name: "chart" });
    assert.deepEqual(content["comms"], { [comm_id]: { target_name: "chart" } });
    client.send("comm_msg", { comm_id, data: "ping" }, { buffers: [new Uint8Array([5, 6])] });
    const answer = await client.heard(({ header }) => header.msg_type === "comm_msg");
    assert.deepEqual(answer.content["data"], { got: "ping" });
    assert.deepEqual([...(answer.buffers[0] ?? [])], [10, 12]);
    client.send("comm_close", { comm_id, data: { bye: true } });
    assert.equal(resultOf(await run("closed")), `'{"bye":true}'`);
    assert.deepEqual((await client.request("comm_info_request", {})).content["comms"], {});
  });

  it("the front end opens a comm to a target of a cell; an unknown target is closed at once", async () => {
    const { client } = kernel;
    await run("comms.on('echo', (comm, data) => comm.send({ hello: data }))");
    client.send("comm_open", { comm_id: "mine", target_name: "echo", data: 42 });
    const hello = await client.heard(({ content }) => content["comm_id"] === "mine");
    assert.deepEqual(hello.content["data"], { hello: 42 });
    client.send("comm_open", { comm_id: "stranger", target_name: "nobody", data: {} });
    const closed = await client.heard(({ content }) => content["comm_id"] === "stranger");
    assert.equal(closed.header.msg_type, "comm_close");
  });

  it("messages of a comm arrive while a cell waits", async () => {
    const { client } = kernel;
    const id = client.start(
      "const freed = new Promise((resolve) => comms.on('release', (_, data) => resolve(data))); console.log('registered'); await freed",
    );
    await client.heard(({ content }) => content["text"] === "registered\n");
    client.send("comm_open", { comm_id: "r", target_name: "release", data: "free" });
    const executed = await client.executed(id);
    assert.equal(resultOf(executed), "'free'");
  });

  it("tells architech its host: display, comms and the server in the environment", async () => {
    const executed = await run(`
      const host = (globalThis as any)[Symbol.for("architech.host")];
      host.display({ "image/svg+xml": "<svg/>" }, { displayId: "d1" });
      host.display({ "image/svg+xml": "<svg>2</svg>" }, { displayId: "d1", update: true });
      typeof host.openComm("t", {}).send + String(host.server)
    `);
    assert.equal(contents(executed, "display_data").length, 1);
    assert.deepEqual(contents(executed, "update_display_data")[0]?.["transient"], { display_id: "d1" });
    assert.equal(resultOf(executed), "'functionundefined'");
  });
});
