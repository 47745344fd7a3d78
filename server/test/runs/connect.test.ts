import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { connect, cpu, exponential, model, service, sweep } from "architech";
import { RunsHost } from "./host.js";

const api = service({ threads: 1, ops: { get: [cpu(exponential("8ms"))] } });
const shop = model({ api }, { to: api, rate: "100rps", mix: { get: 1 } });

describe("connect()", function () {
  this.timeout(120_000);
  let host: RunsHost;
  before(async () => {
    host = await RunsHost.start();
  });
  after(() => host.close());

  it("sends runs to a server, and they give what they give here", async () => {
    const here = await shop.run({ until: "2min", runs: 3 });
    const connection = connect(host.url);
    const there = await shop.run({ until: "2min", runs: 3 });
    connection.close();
    assert.equal((await host.service.list()).length, 1);
    assert.deepEqual(there.toJSON(), { ...(here.toJSON() as object), id: there.id });
  });

  it("rows of a sweep come while it goes on, although the connection breaks", async () => {
    const connection = connect(host.url);
    const load = sweep(shop, { rps: [50, 100, 120] }, ({ rps }) => ({ traffic: { rate: `${rps}rps` } }), {
      until: "5min",
      runs: 4,
      seed: 2,
    });
    connection.close();
    let rows = 0;
    for await (const { runs } of load.watch("api.latency.mean")) {
      if (++rows === 3) host.dropConnections();
      assert.ok(runs >= 1);
    }
    assert.equal(rows, 12);
    assert.equal((await load).rows.length, 3);
  });

  it("an error of the server is thrown with its code", async () => {
    const connection = connect(host.url);
    await assert.rejects(Promise.resolve(shop.run({ until: "1s", warmup: "2s" })), (error) => {
      assert.ok(error instanceof ArchitechError);
      assert.equal(error.code, "bad-run-request");
      assert.deepEqual(error.path, ["options", "warmup"], "with the place in the request");
      return true;
    });
    connection.close();
  });

  it("a run can be cancelled from here", async () => {
    const connection = connect(host.url);
    const run = shop.run({ until: "1000h", every: "1h", runs: 1 });
    connection.close();
    run.onProgress(({ done }) => done > 0 && run.cancel());
    await assert.rejects(
      Promise.resolve(run),
      (error) => error instanceof ArchitechError && error.code === "run-cancelled",
    );
    assert.equal((await host.client.get(run.id)).state, "cancelled");
  });

  it("a server that is not there is named", async () => {
    const connection = connect("http://127.0.0.1:9/");
    await assert.rejects(
      Promise.resolve(shop.run({ until: "1s" })),
      /no answer from http:\/\/127\.0\.0\.1:9: is the server running there\?/,
    );
    connection.close();
  });
});
