import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelCommand } from "#src/spec/command.js";
import { Client } from "../client/client.js";
import { connectionFile, type KernelProcess, startKernel } from "../client/kernel-process.js";
import { errorOf, resultOf, streamed } from "../client/outputs.js";

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Settles when a process that is no child of this one has gone. */
const gone = (pid: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });

describe("the life of a kernel", () => {
  let kernel: KernelProcess;
  beforeEach(async () => {
    kernel = await startKernel({ ARCHITECH_LAB: "http://127.0.0.1:1/", ARCHITECH_TOKEN: "t" });
  });
  afterEach(() => kernel.close());
  const run = (code: string) => kernel.client.execute(code);
  const cellProcess = async (): Promise<number> => Number(resultOf(await run("process.pid")));

  it("a server that only the environment names is not taken for the one that the page comes from", async () => {
    const server = "JSON.stringify((globalThis as any)[Symbol.for('architech.host')].server ?? null)";
    assert.equal(resultOf(await run(server)), `'{"url":"http://127.0.0.1:1/","token":"t"}'`);
    const elsewhere = await startKernel({ ARCHITECH_SERVER: "http://127.0.0.1:1/", ARCHITECH_TOKEN: "t" });
    try {
      assert.equal(resultOf(await elsewhere.client.execute(server)), "'null'");
    } finally {
      await elsewhere.close();
    }
  });

  it("process.exit() in a cell ends the cells' process only, and says so", async () => {
    await run("const before = 1");
    const executed = await run("console.log('last words'); process.exit(3)");
    assert.match(errorOf(executed), /^ProcessEnded: .*exit code 3.*what the cells declared is gone$/);
    assert.equal(streamed(executed), "last words\n");
    assert.match(errorOf(await run("before")), /Cannot find name 'before'/);
    assert.equal(resultOf(await run("1 + 1")), "2");
  });

  it("a killed cells' process is started anew, also between cells", async () => {
    process.kill(await cellProcess(), "SIGKILL");
    await kernel.client.heard(({ content }) => /was ended by SIGKILL/.test(String(content["text"])));
    assert.equal(resultOf(await run("'anew'")), "'anew'");
  });

  it("shutdown_request is answered, and both processes end, even in an endless loop", async () => {
    const pid = await cellProcess();
    const ended = once(kernel.process, "exit");
    kernel.client.start("console.log('endless'); for (;;) {}");
    await kernel.client.heard(({ content }) => content["text"] === "endless\n");
    const reply = await kernel.client.request("shutdown_request", { restart: true }, "control");
    assert.deepEqual(reply.content, { status: "ok", restart: true });
    assert.deepEqual(await ended, [0, null]);
    await gone(pid);
  });

  it("the cells' process ends with the kernel, even in an endless loop", async () => {
    const pid = await cellProcess();
    kernel.client.start("console.log('endless'); for (;;) {}");
    await kernel.client.heard(({ content }) => content["text"] === "endless\n");
    kernel.process.kill("SIGKILL");
    await gone(pid);
  });

  it("the kernel ends when the process that started it dies", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "architech-kernel-")));
    const { path, connection } = await connectionFile(folder);
    const script = `
      const { spawn } = require("node:child_process");
      const [command, ...args] = ${JSON.stringify(kernelCommand(path))};
      console.log(spawn(command, args, { stdio: "ignore", detached: true }).pid);
      setInterval(() => {}, 1000);
    `;
    const starter = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [pid] = (await once(starter.stdout!, "data")) as [Buffer];
    const client = new Client(connection);
    await client.ready();
    starter.kill("SIGKILL");
    await gone(Number(pid));
    client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("SIGINT interrupts the cell, as with front ends that do not send messages", async () => {
    const id = kernel.client.start("console.log('endless'); for (;;) {}");
    await kernel.client.heard(({ content }) => content["text"] === "endless\n");
    kernel.process.kill("SIGINT");
    assert.match(errorOf(await kernel.client.executed(id)), /^Interrupted/);
  });

  it("ignores what is signed with another key, or is no message, and goes on", async () => {
    const { client } = kernel;
    const header = { msg_id: "x", msg_type: "execute_request", session: "s", username: "u", date: "", version: "5.3" };
    const parts = [header, {}, {}, { code: "console.log('forged')" }].map((part) => Buffer.from(JSON.stringify(part)));
    const delimiter = Buffer.from("<IDS|MSG>");
    client.sendFrames([delimiter, Buffer.from("00".repeat(32)), ...parts]);
    client.sendFrames([delimiter, Buffer.alloc(0), ...parts]);
    client.sendFrames([Buffer.from("no delimiter")]);
    client.sendFrames([delimiter]);
    client.sendFrames([
      delimiter,
      Buffer.from("zz"),
      Buffer.from("{"),
      Buffer.from("["),
      Buffer.from("1"),
      Buffer.from(""),
    ]);
    assert.equal(resultOf(await run("'well'")), "'well'");
    assert.match(kernel.errors(), /ignored: a message has a wrong signature/);
    assert.ok(!client.published.some(({ content }) => content["text"] === "forged\n"));
  });

  it("answers a request that it does not know with an error", async () => {
    const reply = await kernel.client.request("debug_request", {}, "control");
    assert.equal(reply.content["status"], "error");
    assert.match(String(reply.content["evalue"]), /does not know debug_request/);
  });

  it("answers questions and kernel_info while a cell blocks", async () => {
    const id = kernel.client.start("console.log('endless'); for (;;) {}");
    await kernel.client.heard(({ content }) => content["text"] === "endless\n");
    const info = await kernel.client.request("kernel_info_request", {});
    assert.equal((info.content["language_info"] as { name: string }).name, "typescript");
    const completion = await kernel.client.request("complete_request", { code: "consol", cursor_pos: 6 });
    assert.deepEqual(completion.content["matches"], ["console"]);
    await kernel.client.request("interrupt_request", {}, "control");
    await kernel.client.executed(id);
  });

  it("hands the server in its environment to architech", async () => {
    const executed = await run('JSON.stringify((globalThis as any)[Symbol.for("architech.host")].server)');
    assert.equal(resultOf(executed), `'{"url":"http://127.0.0.1:1/","token":"t"}'`);
  });
});
