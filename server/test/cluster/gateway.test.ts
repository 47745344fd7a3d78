import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type ClusterView, RunClient, readFrameHeader, type SocketConstructor } from "@architech/protocol";
import { findLab } from "@architech/server";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { WebSocket } from "ws";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { runRecords } from "#src/cluster/run-record.js";
import { quietly, services, settingsOf } from "../conformance/services.js";
import { allBytes, request } from "../runs/host.js";
import { sweep } from "./cluster-contract.js";
import { type Asking, ask, asking, json, type Process, Processes, token, until } from "./processes.js";

const notebook = {
  type: "notebook",
  format: "json",
  content: { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 },
};

describe("a cluster of processes behind gateways", function () {
  this.timeout(120_000);
  let nats: TestNats[] = [];
  let cluster: Processes;
  let gateway: Process;
  let other: Process;
  const of: Record<"documents" | "kernels" | "runs", Process[]> = { documents: [], kernels: [], runs: [] };

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    nats = await startNats(program, 1);
    cluster = new Processes(nats[0]!.url);
    const two = (role: string) => Promise.all([cluster.serve(role), cluster.serve(role)]);
    let gateways: Process[];
    [gateways, of.documents, of.kernels, of.runs] = await Promise.all([
      two("gateway"),
      two("documents"),
      two("kernels"),
      two("runs"),
      cluster.worker(),
    ]);
    [gateway, other] = gateways as [Process, Process];
    for (const { url } of gateways) await until(() => complete(url), "the gateways know all services");
  });
  after(async () => {
    await cluster?.kill();
    await stopNats(nats);
  });

  /** Where the channels of a kernel are, through a gateway. */
  function channels({ url }: Process, id: string): string {
    return `${url.replace("http", "ws")}api/kernels/${id}/channels?token=${token}`;
  }

  async function complete(url: string): Promise<boolean> {
    for (const path of ["api/contents", "api/kernels", "api/runs"])
      if ((await ask(url, "GET", path)).status !== 200) return false;
    return true;
  }

  it("a notebook is saved through one and read through the other, with the request's id", async () => {
    await json(gateway.url, "PUT", "api/contents/a.ipynb", notebook);
    const read = await ask(other.url, "GET", "api/contents/a.ipynb", undefined, { "x-request-id": "from-here-1" });
    assert.equal(read.status, 200);
    assert.equal(read.headers.get("x-request-id"), "from-here-1");
    assert.deepEqual(((await read.json()) as typeof notebook).content.cells, []);
    const made = await ask(gateway.url, "GET", "api/contents", undefined, { "x-request-id": "not well formed\u00e9" });
    assert.match(made.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    // A chunk that comes to another service than the one before is put together with it.
    const chunk = (number: number, text: string) => ({
      type: "file",
      format: "base64",
      chunk: number,
      content: Buffer.from(text).toString("base64"),
    });
    for (const [number, text] of [
      [1, "one "],
      [2, "two "],
      [-1, "three"],
    ] as const)
      await json(gateway.url, "PUT", "api/contents/large.txt", chunk(number, text));
    assert.equal(await (await ask(other.url, "GET", "files/large.txt")).text(), "one two three");
  });

  it("every gateway shows who works together", async () => {
    for (const { url } of [gateway, other]) {
      const view = async () => json<ClusterView>(url, "GET", "api/cluster");
      await until(async () => (await view()).services.length === 8, "all services are seen");
      const { cluster: isCluster, connected, services: seen, workers, lanes } = await view();
      assert.deepEqual(
        [isCluster, connected, lanes.map(({ name }) => name).sort()],
        [true, true, ["batch", "interactive"]],
      );
      const roles = seen.map(({ roles }) => roles.join()).sort();
      assert.deepEqual(
        roles,
        ["documents", "gateway", "kernels", "runs"].flatMap((role) => [role, role]),
      );
      assert.deepEqual(
        workers.map(({ threads }) => threads),
        [1],
      );
    }
  });

  it("strangers are refused by the gateway, and learn of its health only whether it is", async () => {
    assert.equal((await fetch(new URL("api/contents", gateway.url))).status, 403);
    const health = await fetch(new URL("readyz", gateway.url));
    assert.deepEqual(await health.json(), { ready: true, checks: { process: "ok", bus: "ok" } });
    assert.equal((await fetch(new URL("healthz", gateway.url))).status, 200);
    const documents = await fetch(new URL("readyz", of.documents[0]!.url));
    assert.deepEqual(await documents.json(), { ready: true, checks: { process: "ok", documents: "ok" } });
  });

  it("kernels start where there is least to do, are listed together, run and restart", async () => {
    const quiet = quietly();
    const serverSettings = settingsOf({ server: { url: gateway.url, token } } as never);
    const kernels = new services.KernelManager({ serverSettings });
    const sessions = new services.SessionManager({ kernelManager: kernels, serverSettings });
    const opened = [];
    for (const path of ["a.ipynb", "b.ipynb"])
      opened.push(await sessions.startNew({ path, name: "", type: "notebook", kernel: { name: "echo" } }));
    const lists = await Promise.all(of.kernels.map(({ url }) => json<unknown[]>(url, "GET", "api/kernels")));
    assert.deepEqual(
      lists.map(({ length }) => length),
      [1, 1],
    );
    assert.equal((await json<unknown[]>(other.url, "GET", "api/sessions")).length, 2);
    assert.equal((await json(other.url, "GET", "api/status"))["kernels"], 2);
    for (const { kernel } of opened) {
      await kernel!.info;
      assert.equal((await kernel!.requestExecute({ code: "print hello" }).done).content.status, "ok");
    }
    await opened[0]!.kernel!.restart();
    assert.equal((await opened[0]!.kernel!.requestExecute({ code: "print hello" }).done).content.status, "ok");
    for (const session of opened) await session.shutdown();
    assert.deepEqual(await json<unknown[]>(other.url, "GET", "api/kernels"), []);
    sessions.dispose();
    kernels.dispose();
    quiet.restore();
  });

  it("two windows that open a notebook at once through two gateways get one session", async () => {
    const body = { path: "once.ipynb", name: "", type: "notebook", kernel: { name: "echo" } };
    const opened = await Promise.all(
      [gateway, other, gateway, other].map(({ url }) => json(url, "POST", "api/sessions", body)),
    );
    assert.equal(new Set(opened.map(({ id }) => id)).size, 1);
    assert.equal((await ask(other.url, "DELETE", `api/sessions/${String(opened[0]!["id"])}`)).status, 204);
  });

  it("a run's stream is the same through both gateways", async () => {
    const [one, two] = [gateway, other].map(
      ({ url }) => new RunClient({ url, token, WebSocket: WebSocket as unknown as SocketConstructor }),
    );
    const { id } = await one!.start(request({ until: "20s" }));
    const [first, second] = await Promise.all([one!, two!].map((client) => allBytes(client.stream(id))));
    assert.ok(first!.length > 100 && first!.equals(second!));
  });

  it("a run is of the user whom the gateway knows, whatever its request says", async () => {
    const bus = await NatsBus.open({ servers: nats[0]!.url });
    const ofHeader = { "x-architech-user": "somebody-else" };
    const users = new Map<string, string>();
    for (const url of [gateway.url, of.runs[0]!.url]) {
      const started = await ask(url, "POST", "api/runs", request({ cache: false }), ofHeader);
      const { id } = (await started.json()) as { id: string };
      const entry = await new ClusterBus(bus).records.get(id);
      users.set(url, runRecords.unpack(entry!.value).user);
    }
    await bus.close();
    // A service believes whoever has the cluster's token.
    assert.deepEqual([...users.values()], ["architect", "somebody-else"]);
  });

  it("200 readers of a run get every frame once, although one of their gateways is killed", async () => {
    const dying = await cluster.serve("gateway");
    await until(() => complete(dying.url), "the gateway knows all services");
    const urls = [gateway.url, dying.url];
    let connections = 0;
    let isKilled = false;
    /** Connects to one gateway or the other, as a balancer before them does. */
    class Balanced extends WebSocket {
      constructor(url: string) {
        const { host } = new URL(urls[connections++ % urls.length]!);
        super(Object.assign(new URL(url), { host }));
      }
    }
    const client = new RunClient({ url: gateway.url, token, WebSocket: Balanced as unknown as SocketConstructor });
    const { id } = await client.start(request({ until: "3min", seed: 7 }));
    const read = async (): Promise<string> => {
      const hash = createHash("sha256");
      let next = 0;
      for await (const frame of client.stream(id)) {
        assert.equal(readFrameHeader(frame).seq, next++);
        hash.update(frame);
        if (next === 10 && !isKilled) {
          isKilled = true;
          await dying.end("SIGKILL");
        }
      }
      return `${next} ${hash.digest("hex")}`;
    };
    const all = await Promise.all(Array.from({ length: 200 }, read));
    assert.deepEqual([...new Set(all)].length, 1);
    assert.ok(Number.parseInt(all[0]!, 10) > 50, all[0]);
    assert.ok(connections >= 300, `${connections} connections: those of the one that was killed were opened again`);
  });

  it("the lab's page is the gateway's own", async () => {
    const page = await ask(gateway.url, "GET", "lab", undefined, { accept: "text/html" });
    // The server's own tests need no lab.
    if (findLab() === undefined) assert.equal(((await page.json()) as { code: string }).code, "lab-not-built");
    else assert.match(await page.text(), /jupyter-config-data/);
    const login = await fetch(new URL("lab", gateway.url), { headers: { accept: "text/html" }, redirect: "manual" });
    assert.deepEqual([login.status, login.headers.get("location")], [302, "/login?next=%2Flab"]);
  });

  it("settings and layouts of the lab are the same in both gateways", async () => {
    const workspace = { data: { here: 1 }, metadata: { id: "mine" } };
    await json(gateway.url, "PUT", "lab/api/workspaces/mine", workspace);
    assert.deepEqual((await json(other.url, "GET", "lab/api/workspaces/mine"))["data"], { here: 1 });
    assert.equal((await ask(other.url, "DELETE", "lab/api/workspaces/mine")).status, 204);
  });

  it("a service told to end is not ready at once, goes on, begins nothing, and is missed by nobody", async () => {
    const third = await cluster.serve("kernels", "--grace", "3");
    const { id } = await json(third.url, "POST", "api/kernels", { name: "echo" });
    const socket = new WebSocket(channels(gateway, String(id)));
    await once(socket, "open");
    const closed = once(socket, "close") as Promise<[number]>;
    const ended = third.end("SIGTERM");
    await until(async () => (await fetch(new URL("readyz", third.url))).status === 503, "it is not ready", 2_000);
    assert.equal((await ask(third.url, "GET", `api/kernels/${String(id)}`)).status, 200);
    const refused = await ask(third.url, "POST", "api/kernels", { name: "echo" });
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
    assert.equal(((await refused.json()) as { code: string }).code, "shutting-down");
    const begun = await json(gateway.url, "POST", "api/kernels", { name: "echo" });
    assert.equal(await ended, 0);
    assert.equal((await closed)[0], 1012);
    assert.equal((await ask(gateway.url, "DELETE", `api/kernels/${String(begun["id"])}`)).status, 204);
  });

  it("a gateway told to end closes its WebSockets so that the lab's client goes on at once through another", async () => {
    const ending = await cluster.serve("gateway", "--grace", "0");
    await until(() => complete(ending.url), "the gateway knows all services");
    const gateways = [ending, other];
    const codes: number[] = [];
    /** Connects to the first gateway that is there, as a balancer before them does. */
    class Balanced extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        super(Object.assign(new URL(url), { host: new URL(gateways[0]!.url).host }), protocols);
        this.once("close", (code) => codes.push(code));
      }
    }
    const quiet = quietly();
    const serverSettings = services.ServerConnection.makeSettings({
      ...settingsOf({ server: { url: other.url, token } } as never),
      WebSocket: Balanced as unknown as typeof globalThis.WebSocket,
    });
    const kernels = new services.KernelManager({ serverSettings });
    const kernel = await kernels.startNew({ name: "echo" });
    await kernel.info;
    const client = new RunClient({ url: other.url, token, WebSocket: Balanced as unknown as SocketConstructor });
    const { id } = await client.start(sweep(3_000));
    const stream = client.stream(id);
    await stream.next();

    gateways.shift();
    assert.equal(await ending.end("SIGTERM"), 0);
    await stream.next();
    assert.equal((await kernel.requestExecute({ code: "print hello" }).done).content.status, "ok");
    assert.deepEqual(codes, [1012, 1012]);
    await client.cancel(id);
    await stream.return();
    await kernel.shutdown();
    kernels.dispose();
    quiet.restore();
  });

  for (const role of ["documents", "runs"] as const)
    it(`a service of ${role} killed while requests go on is missed by nobody`, async () => {
      const path = role === "runs" ? "api/runs" : "api/contents/a.ipynb";
      const { statuses, stop } = requests(gateway.url, path);
      await until(() => statuses.length > 20, "requests go on");
      await of[role][0]!.end("SIGKILL");
      const before = statuses.length;
      await until(() => statuses.length > before + 200, "requests go on");
      await stop();
      assert.deepEqual([...new Set(statuses)], [200]);
      await (role === "runs"
        ? json(gateway.url, "POST", "api/runs", request({ until: "20s", seed: 99 }))
        : json(gateway.url, "PUT", "api/contents/b.ipynb", notebook));
    });

  it("kernels of a killed service are dead, which the lab's client shows; the others and a new one live", async () => {
    const quiet = quietly();
    const serverSettings = settingsOf({ server: { url: gateway.url, token } } as never);
    const kernels = new services.KernelManager({ serverSettings });
    const started = [await kernels.startNew({ name: "echo" }), await kernels.startNew({ name: "echo" })];
    for (const kernel of started) await kernel.info;
    const [dying] = of.kernels;
    const mine = await json<{ id: string }[]>(dying!.url, "GET", "api/kernels");
    assert.equal(mine.length, 1);
    const { statuses, stop } = requests(gateway.url, "api/kernels");
    await dying!.end("SIGKILL");
    await until(async () => (await ask(gateway.url, "GET", `api/kernels/${mine[0]!.id}`)).status === 404, "404", 3_000);
    const dead = started.find(({ id }) => id === mine[0]!.id)!;
    const alive = started.find(({ id }) => id !== mine[0]!.id)!;
    await kernels.refreshRunning();
    await until(() => dead.status === "dead" || dead.isDisposed, "the client knows that it is dead");
    assert.equal((await alive.requestExecute({ code: "print hello" }).done).content.status, "ok");
    const fresh = await kernels.startNew({ name: "echo" });
    await fresh.info;
    await stop();
    assert.deepEqual([...new Set(statuses)], [200]);
    for (const kernel of [alive, fresh]) await kernel.shutdown();
    kernels.dispose();
    quiet.restore();
  });

  it("a gateway killed takes nothing with it: its kernels go on through the other", async () => {
    const { id } = await json(gateway.url, "POST", "api/kernels", { name: "echo" });
    await gateway.end("SIGKILL");
    assert.equal((await json(other.url, "GET", `api/kernels/${String(id)}`))["id"], id);
    await json(other.url, "POST", `api/kernels/${String(id)}/restart`);
  });

  it("who asks too often is told how long to wait", async () => {
    const strict = await cluster.serve("gateway", "--user-limit", "3");
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask(strict.url, "GET", "api/me"));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 429],
    );
    const { headers } = answers[0]!;
    assert.equal(headers.get("ratelimit-policy"), '"user";q=3;w=60, "address";q=60000;w=60');
    assert.equal(headers.get("ratelimit"), '"address";r=59999;t=60, "user";r=2;t=60');
    const refused = answers[3]!;
    assert.match(refused.headers.get("ratelimit") ?? "", /"user";r=0;t=\d+$/);
    const wait = Number(refused.headers.get("retry-after"));
    assert.ok(wait > 0 && wait <= 60);
    assert.equal(((await refused.json()) as { code: string }).code, "too-many-requests");
    const socket = new WebSocket(`${strict.url.replace("http", "ws")}api/events/subscribe?token=${token}`);
    const [, answer] = await once(socket, "unexpected-response");
    assert.equal((answer as { statusCode: number }).statusCode, 429);
    socket.on("error", () => {});
    socket.terminate();
  });
});

/** Asks for a path, again and again. */
function requests(url: string, path: string): Asking {
  return asking(async () => {
    const response = await ask(url, "GET", path);
    await response.arrayBuffer().catch(() => undefined);
    return response.status;
  });
}
