import assert from "node:assert/strict";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { Token } from "#src/security/token.js";
import { quietly, services, settingsOf } from "../conformance/services.js";
import { request } from "../runs/host.js";
import { clientOf, handshake, keptOfUser, ownershipContract, proxied } from "../runs/ownership-contract.js";
import { type Process, Processes, token, until } from "./processes.js";

/** Simulates, and prints what the kernel was told. */
const cell = `import { cpu, exponential, model, service } from "architech";
const api = service({ threads: 1, ops: { get: [cpu(exponential("8ms"))] } });
const shop = model({ api }, { to: api, rate: "100rps", mix: { get: 1 } });
await shop.run({ until: "2min", warmup: "10s", runs: 3, seed: 51 });
console.log(process.env.ARCHITECH_TOKEN, process.env.ARCHITECH_BUS);`;

describe("whose runs are, in a cluster", function () {
  this.timeout(120_000);
  let nats: TestNats[] = [];
  let cluster: Processes;
  let gateway: Process;
  let service: Process;

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    nats = await startNats(program, 1);
    cluster = new Processes(nats[0]!.url);
    [gateway, service] = await Promise.all([
      cluster.serve("gateway", "--user-header", "x-forwarded-user"),
      cluster.serve("documents,kernels,runs", "--user-limit", "2000", "--keep-runs", String(keptOfUser)),
      cluster.worker(),
    ]);
    const isThere = async (path: string) =>
      (await fetch(new URL(path, gateway.url), { headers: proxied(entry(), "alice") })).status === 200;
    for (const path of ["api/contents", "api/kernels", "api/runs"]) await until(() => isThere(path), path);
  });
  after(async () => {
    await cluster?.kill();
    await stopNats(nats);
  });

  const entry = () => ({ url: gateway.url, token });

  ownershipContract(entry);

  it("what a notebook runs is its user's, and its kernel can be nobody else", async () => {
    const quiet = quietly();
    const alice = new Token(token).of("alice");
    const kernels = new services.KernelManager({
      serverSettings: settingsOf({ server: { url: gateway.url, token: alice } } as never),
    });
    const kernel = await kernels.startNew({ name: "architech" });
    const before = (await clientOf(entry(), "alice").list()).length;
    let printed = "";
    const asked = kernel.requestExecute({ code: cell });
    asked.onIOPub = ({ content }) => {
      if ("text" in content) printed += String(content.text);
    };
    assert.equal((await asked.done).content.status, "ok", printed);
    assert.equal((await clientOf(entry(), "alice").list()).length, before + 1);
    assert.deepEqual(await clientOf(entry(), "bob").list(), []);
    assert.equal(printed.trim(), `${alice} undefined`, "neither the token of the cluster nor its bus");

    // Also where no gateway stands before it, a user's token says who that is.
    for (const url of [gateway.url, service.url]) {
      const forged = { authorization: `token ${alice}`, "x-forwarded-user": "bob", "x-architech-user": "bob" };
      const listed = await fetch(new URL("api/runs", url), { headers: forged });
      assert.equal(((await listed.json()) as { runs: unknown[] }).runs.length, before + 1, url);
    }
    await kernel.shutdown();
    kernels.dispose();
    quiet.restore();
  });

  it("a service takes the gateway's word for a name, and no word that is none", async () => {
    const told = (user: string) => ({ authorization: `token ${token}`, "x-architech-user": user });
    const runs = new URL("api/runs", service.url);
    const { id } = await clientOf(entry(), "carol").start(request({ seed: 52 }));
    const listed = async (user: string) =>
      ((await (await fetch(runs, { headers: told(user) })).json()) as { runs: { id: string }[] }).runs;
    assert.deepEqual(
      (await listed("carol")).map((run) => run.id),
      [id],
    );
    assert.deepEqual(await listed("dave"), []);
    assert.equal(await handshake(service.url, `api/runs/${id}/stream`, told("carol")), 101);
    assert.equal(await handshake(service.url, `api/runs/${id}/stream`, told("dave")), 404);
    assert.equal((await fetch(runs, { headers: told("carol, dave") })).status, 403);
    assert.equal(await handshake(service.url, `api/runs/${id}/stream`, told("no name")), 403);
  });

  it("gateway and services count the requests of each user by itself", async () => {
    const left = async (user: string) => {
      const answer = await fetch(new URL("api/runs", gateway.url), { headers: proxied(entry(), user) });
      const here = Number(/"user";r=(\d+)/.exec(answer.headers.get("ratelimit") ?? "")?.[1]);
      const headers = { authorization: `token ${token}`, "x-architech-user": user };
      const there = await fetch(new URL("api/runs", service.url), { headers });
      return [here, Number(/"user";r=(\d+)/.exec(there.headers.get("ratelimit") ?? "")?.[1])];
    };
    // Of the service one through the gateway and one by itself.
    assert.deepEqual(await left("erin"), [29_999, 1_998]);
    assert.deepEqual(await left("frank"), [29_999, 1_998]);
    assert.deepEqual(await left("erin"), [29_998, 1_996]);
  });
});
