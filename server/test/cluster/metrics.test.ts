import assert from "node:assert/strict";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { silentLog } from "#src/log.js";
import { Metrics } from "#src/metrics/metrics.js";
import { architech, type Going, going } from "../cli/command-line.js";
import { request } from "../runs/host.js";
import { metric } from "./metric.js";

describe("metrics of a cluster", function () {
  this.timeout(60_000);
  let servers: TestNats[] = [];
  let worker: Going | undefined;
  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    servers = await startNats(program, 1);
  });
  after(async () => {
    await worker?.end();
    await stopNats(servers);
  });

  it("say what waits and who works, and of a worker what it has done and whether it is ready", async () => {
    const { url } = servers[0]!;
    const bus = await NatsBus.open({ servers: url });
    const runs = await ClusterRuns.open({ bus, log: silentLog });
    const metrics = new Metrics();
    runs.measure(metrics);
    const { id } = await runs.start(request());
    while (!/lane="interactive",state="waiting"\} [1-9]/.test(await metrics.text()));
    const before = await metrics.text();
    assert.equal(metric(before, "architech_workers"), 0);
    assert.equal(metric(before, "architech_tasks_left"), 3);
    assert.equal(metric(before, 'architech_runs{state="running"}'), 1);
    worker = await going(["worker", "--bus", url, "--threads", "2", "--port", "0"]);
    assert.equal((await runs.ended(id)).state, "done");
    const after = await metrics.text();
    assert.equal(metric(after, "architech_worker_threads"), 2);
    assert.equal(metric(after, "architech_tasks_left"), 0);
    assert.ok(metric(after, "process_resident_memory_bytes") > 1e6);

    const page = `http://127.0.0.1:${worker.first["port"]}`;
    const done = await (await fetch(`${page}/metrics`)).text();
    assert.equal(metric(done, "architech_tasks_total"), 3);
    assert.ok(metric(done, "architech_events_total") > 30_000);
    assert.ok(metric(done, "architech_task_seconds_total") > 0);
    assert.match(done, /nodejs_eventloop_lag_p99_seconds \d/);
    assert.equal((await fetch(`${page}/readyz`)).status, 200);
    await servers[0]!.kill();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const unready = await fetch(`${page}/readyz`);
    assert.equal(unready.status, 503);
    assert.deepEqual(((await unready.json()) as { checks: unknown }).checks, { process: "ok", work: "failed" });
    servers[0]!.restart();
    await runs.close();
    await bus.close();
  });

  it("a worker says what is wrong with its options", async () => {
    assert.match((await architech(["worker"])).err, /worker needs --bus/);
    assert.match((await architech(["worker", "--bus", "http://x"])).err, /is the address of no bus/);
    assert.match(
      (await architech(["worker", "--bus", "nats://x", "--threads", "0"])).err,
      /--threads 0: a number from 1/,
    );
    assert.match((await architech(["worker", "--bus", "nats://x", "--port", "x"])).err, /--port x: a number from 0/);
  });
});
