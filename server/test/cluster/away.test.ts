import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { type Going, going } from "../cli/command-line.js";
import { freshFolder } from "../folders.js";
import { request } from "../runs/host.js";
import { testKernelspecs } from "../serving.js";
import { FaultyLink } from "./faulty-link.js";
import { report, timed } from "./one-bus.js";
import { ask, json, token, until } from "./processes.js";

describe("a bus that is not there", function () {
  this.timeout(60_000);
  let nats: TestNats[] = [];
  const started: Going[] = [];
  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    nats = await startNats(program, 1);
  });
  after(async () => {
    for (const process of started) await process.end("SIGKILL");
    await stopNats(nats);
  });

  async function start(bus: string, ...args: string[]): Promise<Going> {
    const env = { ARCHITECH_TOKEN: token, JUPYTER_PATH: await testKernelspecs() };
    const process = await going([...args, "--bus", bus, "--port", "0"], { env });
    started.push(process);
    return process;
  }

  it("leaves notebooks and kernels to whoever serves all, and runs wait for it; it says which bus, and goes on trying", async () => {
    const link = await FaultyLink.to(nats[0]!.url);
    link.cut("up", "down");
    const folders = ["--root", await freshFolder(), "--data", await freshFolder()];
    const [server, worker] = await Promise.all([
      start(link.url, "serve", "--role", "all", ...folders),
      start(link.url, "worker", "--threads", "1"),
    ]);
    const url = String(server.first["url"]);
    const file = { type: "file", format: "text", content: "x" };
    await json(url, "PUT", "api/contents/a.txt", file);
    assert.equal((await json(url, "GET", "api/contents/a.txt"))["content"], "x");
    const { id } = await json<{ id: string }>(url, "POST", "api/kernels", { name: "echo" });
    assert.equal((await ask(url, "DELETE", `api/kernels/${id}`)).status, 204);
    await json(url, "PUT", "lab/api/workspaces/mine", { data: {}, metadata: { id: "mine" } });
    const { checks } = (await (await ask(url, "GET", "readyz")).json()) as { checks: Record<string, string> };
    assert.deepEqual([checks["documents"], checks["bus"]], ["ok", "failed"]);
    const works = new URL("readyz", `http://127.0.0.1:${String(worker.first["port"])}/`);
    assert.equal((await fetch(works)).status, 503);
    for (const { said } of [server, worker])
      await until(() => said().includes(`no connection to ${link.url}`), "it says which bus is not there");

    const waiting = ask(url, "POST", "api/runs", request({ until: "20s" }));
    link.heal();
    const [seconds, answer] = await timed(() => waiting);
    assert.equal(answer.status, 201);
    const run = (await answer.json()) as { id: string };
    await until(async () => (await json(url, "GET", `api/runs/${run.id}`))["state"] === "done", "it is done");
    assert.equal((await fetch(works)).status, 200);
    report(`a run that was asked for while there was no bus is begun ${seconds} s after it came`);
    await link.close();
  });

  it("or is something else is told, and tried again", async () => {
    const stranger: Server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(
      0,
      "127.0.0.1",
    );
    await once(stranger, "listening");
    const { port } = stranger.address() as { port: number };
    const worker = await start(`nats://127.0.0.1:${port}`, "worker", "--threads", "1");
    await until(() => worker.said().includes(`no connection to nats://127.0.0.1:${port}`), "it says so");
    await worker.end("SIGKILL");
    stranger.close();
  });
});
