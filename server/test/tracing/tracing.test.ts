import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { silentLog } from "#src/log.js";
import { openTracing } from "#src/tracing/open-tracing.js";
import { noTracing } from "#src/tracing/tracing.js";
import { architech, going } from "../cli/command-line.js";
import { ask, Processes, token, until } from "../cluster/processes.js";
import { quietly, services, settingsOf } from "../conformance/services.js";
import { freshFolder } from "../folders.js";
import { request } from "../runs/host.js";
import { serve } from "../serving.js";
import { type Collected, Collector } from "./collector.js";

const cell = `import { cpu, exponential, model, service } from "architech";
const api = service({ threads: 1, ops: { get: [cpu(exponential("8ms"))] } });
const shop = model({ api }, { to: api, rate: "100rps", mix: { get: 1 } });
await shop.run({ until: "2min", warmup: "10s", runs: 3, seed: 5 });`;

/** The names of spans from the first of a trace to one that nothing hangs on, by their parents. */
function chain(spans: readonly Collected[], from: Collected): string[] {
  const parent = spans.find(({ spanId }) => spanId === from.parentSpanId);
  const name = `${from.resource["architech.role"]}: ${from.name}`;
  return parent === undefined ? [name] : [...chain(spans, parent), name];
}

describe("traces", function () {
  this.timeout(120_000);
  let collector: Collector;
  before(async () => {
    collector = await Collector.start();
  });
  after(() => collector.end());

  it("are off unless the environment names an exporter, and nothing of its SDK is loaded then", async () => {
    for (const env of [
      {},
      { OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" },
      { OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" },
    ])
      assert.equal(await openTracing("all", silentLog, env), noTracing);
    const { request: asked } = await serve();
    await asked("GET", "/api/contents");
    assert.deepEqual(
      Object.keys(createRequire(import.meta.url).cache).filter((path) => /@opentelemetry.(?!api)/.test(path)),
      [],
    );
  });

  it("say which exporters there are, and what an endpoint is", async () => {
    const failing = async (env: Record<string, string>) => (await architech(["serve", "--port", "0"], { env })).err;
    assert.match(await failing({ OTEL_TRACES_EXPORTER: "jaeger" }), /OTEL_TRACES_EXPORTER is "jaeger": otlp or none/);
    assert.match(await failing({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" }), /"collector": http:\/\/host:4318/);
  });

  it("of a server alone go from a request to its run, below the trace that the request came with", async () => {
    const [root, data] = await Promise.all([freshFolder(), freshFolder()]);
    const server = await going(["serve", "--port", "0", "--root", root, "--data", data], {
      env: { ARCHITECH_TOKEN: token, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "mine" },
    });
    const url = String(server.first["url"]);
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const { id } = (await (await ask(url, "POST", "api/runs", request(), headers)).json()) as { id: string };
    await ask(url, "GET", "api/contents/not-there", undefined, { traceparent: "00-nonsense" });
    await until(async () => /"done"/.test(await (await ask(url, "GET", `api/runs/${id}`)).text()), "the run is over");
    // Told to end, it sends what it has.
    assert.equal(await server.end(), 0);
    const mine = collector.spans.filter((span) => span.traceId === traceId);
    assert.deepEqual(mine.map(({ name }) => name).sort(), ["POST runs", "run"]);
    const [post, run] = mine.sort((a, b) => Number(a.begun - b.begun)) as [Collected, Collected];
    assert.equal(post.parentSpanId, "b7ad6b7169203331");
    assert.equal(run.parentSpanId, post.spanId);
    assert.equal(run.attributes["architech.run"], id);
    assert.equal(post.resource["service.name"], "mine");
    assert.equal(post.attributes["http.response.status_code"], 201);
    const other = collector.spans.find(({ name }) => name === "GET contents");
    assert.ok(other !== undefined && other.traceId !== traceId && other.parentSpanId === "" && !other.failed);
    assert.deepEqual([...collector.asked], ["POST /v1/traces application/json"]);
    assert.doesNotMatch(
      JSON.stringify(collector.spans, (_, value) => (typeof value === "bigint" ? 0 : value)),
      new RegExp(token),
    );
  });

  it("that nobody takes hold nothing up, and the log says so once", async () => {
    const [root, data] = await Promise.all([freshFolder(), freshFolder()]);
    const server = await going(["serve", "--port", "0", "--root", root, "--data", data], {
      env: {
        ARCHITECH_TOKEN: token,
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
        OTEL_BSP_SCHEDULE_DELAY: "100",
      },
    });
    for (let i = 0; i < 20; i++)
      assert.equal((await ask(String(server.first["url"]), "GET", "api/contents")).status, 200);
    const begun = performance.now();
    assert.equal(await server.end(), 0);
    assert.ok(performance.now() - begun < 15_000);
    assert.ok((server.said().match(/traces: /g) ?? []).length <= 1, server.said());
  });

  it("go from a cell of a notebook through gateway, runs and bus to the tasks of a worker", async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    const nats: TestNats[] = await startNats(program, 1);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: "200" };
    const cluster = new Processes(nats[0]!.url, env);
    const quiet = quietly();
    try {
      const [gateway] = await Promise.all([
        cluster.serve("gateway"),
        cluster.serve("kernels"),
        cluster.serve("runs"),
        cluster.serve("documents"),
        cluster.worker(),
      ]);
      await until(
        async () =>
          (await ask(gateway.url, "GET", "api/runs")).status === 200 &&
          (await ask(gateway.url, "GET", "api/kernelspecs")).status === 200,
        "the gateway knows the services",
      );
      const serverSettings = settingsOf({ server: { url: gateway.url, token } } as never);
      const kernels = new services.KernelManager({ serverSettings });
      const kernel = await kernels.startNew({ name: "architech" });
      const reply = await kernel.requestExecute({ code: cell }).done;
      assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
      const task = (): Collected | undefined => collector.spans.find(({ name }) => name === "task");
      await until(() => task() !== undefined && collector.spans.some(({ name }) => name === "cell"), "spans");
      const inTrace = () => collector.spans.filter(({ traceId }) => traceId === task()!.traceId);
      const whole = [
        "kernels: cell",
        "gateway: POST runs",
        "runs: POST runs",
        "runs: run",
        "worker: chunk",
        "worker: task",
      ];
      await until(() => inTrace().some((span) => span.name === "cell"), "the cell's own span");
      await until(() => chain(inTrace(), task()!).length === whole.length, JSON.stringify(chain(inTrace(), task()!)));
      assert.deepEqual(chain(inTrace(), task()!), whole);
      for (const { begun, ended } of inTrace()) assert.ok(ended >= begun);
      assert.equal(inTrace().filter(({ name }) => name === "task").length, 3);
      // A cell that fails says so, and is a trace of its own.
      await kernel.requestExecute({ code: 'throw new Error("on purpose")' }).done;
      await until(() => collector.spans.some(({ name, failed }) => name === "cell" && failed), "the failed cell");
      await kernel.shutdown();
      kernels.dispose();
    } finally {
      quiet.restore();
      await cluster.kill();
      await stopNats(nats);
    }
  });
});
