import assert from "node:assert/strict";
import { on, once } from "node:events";
import { Agent, request as httpsRequest } from "node:https";
import { decodeServerMessage, pause } from "@architech/protocol";
import { findNatsServer, missing, needed, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { WebSocket } from "ws";
import { asking, type Process, Processes, token, until } from "../cluster/processes.js";
import { request as runRequest } from "../runs/host.js";
import { handshake } from "../runs/ownership-contract.js";
import { people, proxies, type RunningProxy, startProxy } from "./proxies.js";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

for (const name of Object.keys(proxies) as (keyof typeof proxies)[])
  describe(`two gateways behind ${name}, with the configuration that is shipped`, function () {
    this.timeout(120_000);
    let nats: TestNats[] = [];
    let cluster: Processes;
    let gateways: Process[];
    let proxy: RunningProxy | undefined;
    let agent: Agent;
    let program: string;

    before(async function () {
      program = needed(this, name);
      needed(this, "openssl");
      const server = findNatsServer();
      if (typeof server !== "string") missing(this, server.missing);
      nats = await startNats(server, 1);
      cluster = new Processes(nats[0]!.url);
      const gateway = () => cluster.serve("gateway", "--trusted-proxies", "1");
      [gateways] = await Promise.all([
        Promise.all([gateway(), gateway()]),
        cluster.serve("documents,kernels,runs"),
        cluster.worker(),
      ]);
      proxy = await startProxy(name, program, gateways.map(({ url }) => new URL(url).host) as [string, string]);
      agent = new Agent({ keepAlive: true, maxSockets: 8, ca: proxy.ca });
      for (const path of ["api/contents", "api/kernels", "api/runs"])
        await until(async () => (await ask("GET", path)).status === 200, `${path} is served`);
    });
    after(async () => {
      agent?.destroy();
      await proxy?.stop();
      await cluster?.kill();
      await stopNats(nats);
    });

    const headers = { authorization: `token ${token}` };
    function ask(
      method: string,
      path: string,
      body?: unknown,
      more: Record<string, string> = {},
      through: { readonly to: RunningProxy; readonly agent: Agent } = { to: proxy!, agent },
    ): Promise<Answer> {
      const { port } = through.to;
      const sentHeaders = through.to === proxy ? { ...headers, ...more } : more;
      return new Promise((resolve, reject) => {
        const sent = httpsRequest(
          { agent: through.agent, host: "localhost", port, method, path: `/${path}`, headers: sentHeaders },
          (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (chunk: string) => {
              text += chunk;
            });
            response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
          },
        );
        sent.on("error", reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      });
    }
    const socketTo = (path: string) =>
      new WebSocket(`wss://localhost:${proxy!.port}/${path}`, { headers, ca: proxy!.ca });

    it("documents, validators, request ids and the security of cookies come through", async () => {
      const saved = await ask("PUT", "api/contents/a.md", {
        type: "file",
        format: "text",
        content: "ä".repeat(2 << 20),
      });
      assert.equal(saved.status, 201, saved.text);
      const read = await ask("GET", "api/contents/a.md", undefined, { "x-request-id": "through-it-all" });
      assert.equal(read.headers["x-request-id"], "through-it-all");
      assert.equal((JSON.parse(read.text) as { content: string }).content.length, 2 << 20);
      const again = await ask("GET", "api/contents/a.md", undefined, { "if-none-match": String(read.headers["etag"]) });
      assert.equal(again.status, 304);
      const page = await ask("GET", `lab?token=${token}`, undefined, { accept: "text/html" });
      assert.equal(page.status, 302);
      assert.match(String(page.headers["set-cookie"]), /^architech-\d+=[^;]+;.*HttpOnly;.*Secure/);
    });

    it("a kernel's WebSocket and a run's stream come through", async () => {
      const { id: kernel } = JSON.parse((await ask("POST", "api/kernels", { name: "echo" })).text) as { id: string };
      const channels = socketTo(`api/kernels/${kernel}/channels?session_id=one`);
      await once(channels, "open");
      const header = {
        msg_id: "m",
        session: "one",
        username: "",
        date: "",
        msg_type: "kernel_info_request",
        version: "5.3",
      };
      channels.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: {} }));
      // Several may come at once: none of them is missed.
      for await (const [data] of on(channels, "message") as AsyncIterable<[Buffer]>) {
        const message = JSON.parse(data.toString()) as { header: { msg_type: string } };
        if (message.header.msg_type === "kernel_info_reply") break;
      }
      channels.terminate();

      const { id } = JSON.parse((await ask("POST", "api/runs", runRequest())).text) as { id: string };
      const stream = socketTo(`api/runs/${id}/stream?offset=0`);
      const ends: string[] = [];
      stream.on("message", (data: Buffer) => {
        if (data[0] === 0) ends.push(decodeServerMessage(data).type);
      });
      const [code] = (await once(stream, "close")) as [number];
      assert.equal(code, 1000);
    });

    it("what a client says of its own address counts nothing", async () => {
      const left = async (address: string) => {
        const answer = await ask("GET", "api/contents", undefined, { "x-forwarded-for": address });
        return Number(/"address";r=(\d+)/.exec(String(answer.headers["ratelimit"]))?.[1]);
      };
      const counts = [];
      for (const last of [1, 2, 3, 4, 5, 6]) counts.push(await left(`203.0.113.${last}`));
      // Each gateway counts by itself; of six answers of two gateways at least four find less than one before.
      const falls = new Set(counts).size;
      assert.ok(
        counts.every((count) => count > 0),
        String(counts),
      );
      assert.ok(falls >= 3, `${counts}: each address would begin anew`);
    });

    it("people whom it logs in are themselves, whatever they say, and others are nobody", async () => {
      const gateway = await cluster.serve("gateway", "--trusted-proxies", "1", "--user-header", "X-Forwarded-User");
      const at = new URL(gateway.url).host;
      const [asShipped, loggingIn] = await Promise.all([
        startProxy(name, program, [at, at]),
        startProxy(name, program, [at, at], { logsIn: true }),
      ]);
      const forged = { "x-forwarded-user": "bob", "x-architech-user": "bob" };
      const trusting = new Agent({ ca: [asShipped.ca, loggingIn.ca] });
      const asked = (to: RunningProxy, path: string, more: Record<string, string>, method = "GET", body?: unknown) =>
        ask(method, path, body, more, { to, agent: trusting });
      const basic = (who: string, password: string) => ({
        authorization: `Basic ${Buffer.from(`${who}:${password}`).toString("base64")}`,
      });
      const [alice, bob] = [basic(...people[0]), basic(...people[1])];
      try {
        await until(async () => (await asked(loggingIn, "api/runs", alice)).status === 200, "alice is let in");
        const nobody = await asked(asShipped, "api/me", { ...headers, ...forged });
        assert.deepEqual([nobody.status, (JSON.parse(nobody.text) as { code: string }).code], [403, "user-refused"]);
        for (const more of [headers, basic("alice", "of-bob"), {}])
          assert.equal((await asked(loggingIn, "api/me", { ...forged, ...more })).status, 401);
        const me = await asked(loggingIn, "api/me", { ...alice, ...forged });
        assert.equal((JSON.parse(me.text) as { identity: { username: string } }).identity.username, "alice");

        const started = await asked(loggingIn, "api/runs", { ...alice, ...forged }, "POST", runRequest({ seed: 71 }));
        const { id } = JSON.parse(started.text) as { id: string };
        const statuses = await Promise.all(
          [alice, bob].map(async (who) => (await asked(loggingIn, `api/runs/${id}`, who)).status),
        );
        assert.deepEqual(statuses, [200, 404]);
        const url = `wss://localhost:${loggingIn.port}/`;
        const opened = [alice, bob].map((who) =>
          handshake(url, `api/runs/${id}/stream`, { ...who, ...forged }, loggingIn.ca),
        );
        assert.deepEqual(await Promise.all(opened), [101, 404]);
      } finally {
        trusting.destroy();
        await Promise.all([asShipped.stop(), loggingIn.stop()]);
        await gateway.end("SIGKILL");
      }
    });

    it("when a gateway is killed, those who ask get answers all the same", async () => {
      const { statuses, stop } = asking(async () => (await ask("GET", "api/contents/a.md?content=0")).status);
      await pause(300);
      await gateways[0]!.end("SIGKILL");
      await pause(1_500);
      await stop();
      assert.deepEqual([...new Set(statuses)], [200]);
    });
  });
