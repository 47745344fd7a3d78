import assert from "node:assert/strict";
import { ArchitechError, packMessage } from "@architech/protocol";
import { allBytes, RunsHost, request, started } from "./host.js";

describe("runs API", function () {
  this.timeout(120_000);
  let host: RunsHost;
  before(async () => {
    host = await RunsHost.start();
  });
  after(() => host.close());

  it("starts a run, lists it, reads it, and deletes it", async () => {
    const { id } = await host.client.start(request({ seed: 1 }));
    await allBytes(host.client.stream(id));
    const info = await host.client.get(id);
    assert.deepEqual([info.state, info.kind, info.done, info.total], ["done", "run", 3, 3]);
    assert.ok((await host.client.list()).some((run) => run.id === id));
    await host.client.delete(id);
    await assert.rejects(
      host.client.get(id),
      (error) => error instanceof ArchitechError && error.code === "run-not-found",
    );
  });

  it("takes JSON as well as MessagePack", async () => {
    const response = await post(JSON.stringify(request({ seed: 2 })), "application/json");
    assert.equal(response.status, 201);
    const { id } = (await response.json()) as { id: string };
    assert.deepEqual((await host.service.ended(id)).state, "done");
  });

  it("serves a request that is known already from the cache", async () => {
    const first = await host.client.start(request({ seed: 3 }));
    const bytes = await allBytes(host.client.stream(first.id));
    const second = await host.client.start(request({ seed: 3 }));
    assert.deepEqual([second.cached, second.state], [true, "done"]);
    assert.deepEqual(await allBytes(host.client.stream(second.id)), bytes);
  });

  it("cancels a run within 100 ms", async () => {
    // The machine may be busy with other things: it has ten tries, and what it does when left alone counts.
    let quickest = Number.POSITIVE_INFINITY;
    for (let seed = 1; seed <= 10 && quickest >= 100; seed++) {
      const { id } = await host.client.start(request({ until: "1000h", every: "1h", seed }));
      await started(host, id);
      const begun = performance.now();
      const { state } = await host.client.cancel(id);
      quickest = Math.min(quickest, performance.now() - begun);
      assert.equal(state, "cancelled");
    }
    assert.ok(quickest < 100, `${quickest} ms`);
  });

  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const hostile: [string, string | Uint8Array, string, number, string][] = [
    ["JSON that is cut off", '{"version":1', "application/json", 400, "body-malformed"],
    ["no body", "", "application/json", 400, "body-malformed"],
    ["a prototype in JSON", '{"__proto__":{"a":1}}', "application/json", 400, "body-malformed"],
    ["JSON nested a hundred thousand deep", deep, "application/json", 400, "body-malformed"],
    [
      "steps nested two thousand deep",
      JSON.stringify(request())
        .replace('{"do":"cpu"', `${nest(2_000)}{"do":"cpu"`)
        .replace("]}}},", `]${"}]".repeat(2_000)}}}},`),
      "application/json",
      400,
      "",
    ],
    ["a body beyond the limit", new Uint8Array(9 << 20), "application/msgpack", 413, "body-too-large"],
    ["MessagePack that is cut off", packMessage(request()).slice(0, 50), "application/msgpack", 400, "bad-message"],
    ["MessagePack of an extension type", Uint8Array.of(0xd4, 0x72, 0x40), "application/msgpack", 400, "bad-message"],
    ["a list", "[]", "application/json", 400, "bad-run-request"],
    [
      "a request of too many tasks",
      JSON.stringify(request({ runs: 100_000_000 })),
      "application/json",
      400,
      "bad-run-request",
    ],
    ["a wrong unit", JSON.stringify(request({ until: "5msec" })), "application/json", 400, ""],
    ["a model without nodes", JSON.stringify({ ...request(), model: { architech: 1 } }), "application/json", 400, ""],
    [
      "a model with a node that is not there",
      JSON.stringify({
        ...request(),
        model: { ...(request().model as object), traffic: { to: "apii", rate: "1rps", mix: { get: 1 } } },
      }),
      "application/json",
      400,
      "",
    ],
    [
      "a change of a node that is not there",
      JSON.stringify({ ...request(), points: [{ key: {}, change: { apii: { threads: 1 } } }] }),
      "application/json",
      400,
      "",
    ],
    [
      "a change that is no setting",
      JSON.stringify({ ...request(), points: [{ key: {}, change: { api: { threads: -1 } } }] }),
      "application/json",
      400,
      "",
    ],
    [
      "a path as an id",
      JSON.stringify({ ...request(), id: "../../../etc" }),
      "application/json",
      400,
      "bad-run-request",
    ],
  ];
  for (const [what, body, type, status, code] of hostile)
    it(`refuses ${what} with ${status}${code === "" ? "" : ` ${code}`}`, async () => {
      const response = await post(body, type);
      const error = (await response.json()) as { code: string; message: string };
      assert.equal(response.status, status, JSON.stringify(error));
      if (code !== "") assert.equal(error.code, code);
      assert.ok(error.code !== "internal" && error.message.length < 400, JSON.stringify(error));
    });

  it("an unknown run is not found, whatever is asked of it", async () => {
    for (const [method, path] of [
      ["GET", "none-such"],
      ["POST", "none-such/cancel"],
      ["DELETE", "none-such"],
      ["GET", "..%2f..%2fetc"],
    ] as const)
      assert.equal((await fetch(`${host.url}api/runs/${path}`, { method })).status, 404);
  });

  it("goes on after all that", async () => {
    const { id } = await host.client.start(request({ seed: 6 }));
    assert.equal((await host.service.ended(id)).state, "done");
  });

  it("queues what is beyond the limit and answers 429 when the queue is full", async () => {
    const small = await RunsHost.start({ maxRunning: 1, maxQueued: 1 });
    const long = await small.client.start(request({ until: "1000h", every: "1h" }));
    const queued = await small.client.start(request());
    assert.equal(queued.state, "queued");
    const response = await fetch(`${small.url}api/runs`, {
      method: "POST",
      body: JSON.stringify(request({ seed: 9 })),
    });
    assert.equal(response.status, 429);
    assert.equal(((await response.json()) as { code: string }).code, "too-many-runs");
    await small.client.cancel(long.id);
    assert.equal((await small.service.ended(queued.id)).state, "done");
    await small.close();
  });

  function post(body: string | Uint8Array, type: string): Promise<Response> {
    return fetch(`${host.url}api/runs`, { method: "POST", body: body as string, headers: { "content-type": type } });
  }
});

function nest(depth: number): string {
  return '{"do":"repeat","times":1,"steps":['.repeat(depth);
}
