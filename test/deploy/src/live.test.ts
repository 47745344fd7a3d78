import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { alerts } from "../../../deploy/build/seeing/alerts.js";
import { dashboards } from "../../../deploy/build/seeing/dashboards.js";
import { duration } from "../../../deploy/build/seeing/duration.js";
import { prometheusConfig, rulesFile } from "../../../deploy/build/seeing/prometheus.js";
import { type Going, going } from "../../../server/build/test/cli/command-line.js";
import { ask, json, Processes, token, until } from "../../../server/build/test/cluster/processes.js";
import { request } from "../../../server/build/test/runs/host.js";
import { needsPrometheus, Prometheus } from "./prometheus.js";
import { filledIn, scraped, seriesOf } from "./promql.js";

/** Minutes of the alerts are seconds here. */
const pace = 1 / 60;
const roles = ["gateway", "documents", "kernels", "runs"] as const;

/** What the queries of panels ask for that a cluster without faults does not have. */
const ofFaults = new Set(["architech_tasks_failed_total", "architech_errors_total"]);

describe("a cluster under a Prometheus", function () {
  this.timeout(120_000);
  let nats: TestNats[] = [];
  let cluster: Processes | undefined;
  let worker: Going | undefined;
  let prometheus: Prometheus | undefined;
  let folder = "";
  const targets: { role: string; address: string }[] = [];
  const processes = new Map<string, Awaited<ReturnType<Processes["serve"]>>>();

  before(async function () {
    needsPrometheus(this);
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    nats = await startNats(program, 1);
    cluster = new Processes(nats[0]!.url);
    for (const [i, process] of (await Promise.all(roles.map((role) => cluster!.serve(role)))).entries()) {
      processes.set(roles[i]!, process);
      targets.push({ role: roles[i]!, address: new URL(process.url).host });
    }
    folder = await mkdtemp(join(tmpdir(), "architech-seeing-"));
    await writeFile(join(folder, "token"), token);
    await writeFile(join(folder, "rules.yaml"), rulesFile(pace));
    await look();
    prometheus = await Prometheus.start(folder);
    await until(async () => (await ask(gateway(), "GET", "api/runs")).status === 200, "the gateway knows the runs");
  });
  after(async () => {
    await prometheus?.end();
    await worker?.end("SIGKILL");
    await cluster?.kill();
    await stopNats(nats);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const gateway = (): string => processes.get("gateway")!.url;
  const fires = (name: string) => until(async () => (await prometheus!.firing()).has(name), `${name} fires`, 40_000);
  const ends = (name: string) =>
    until(async () => !(await prometheus!.firing()).has(name), `${name} fires no more`, 40_000);

  async function look(): Promise<void> {
    const config = { interval: "2s", tokenFile: "token", rulesFile: "rules.yaml", targets: { addresses: targets } };
    await writeFile(join(folder, "prometheus.yaml"), prometheusConfig(config));
    prometheus?.reload();
  }

  it("is let in by its token, and no alert fires", async () => {
    const up = 'sum(up{job="architech"})';
    await until(async () => (await prometheus!.query(up))[0]?.value[1] === String(roles.length), "all are scraped");
    assert.deepEqual([...(await prometheus!.firing())], []);
  });

  it("tells when tasks wait and there is no worker, until there is one", async () => {
    const { id } = await json<{ id: string }>(gateway(), "POST", "api/runs", request());
    await fires("ArchitechNoWorkers");
    assert.deepEqual([...(await prometheus!.firing())], ["ArchitechNoWorkers"]);
    worker = await going(["worker", "--bus", nats[0]!.url, "--threads", "1", "--port", "0"]);
    targets.push({ role: "worker", address: `127.0.0.1:${worker.first["port"]}` });
    await look();
    await ends("ArchitechNoWorkers");
    await until(async () => (await json(gateway(), "GET", `api/runs/${id}`))["state"] === "done", "the run is over");
  });

  it("has every series that alerts and dashboards ask for", async () => {
    const names = new Set<string>();
    for (const { address } of targets) {
      const page = await fetch(`http://${address}/metrics`, { headers: { authorization: `token ${token}` } });
      for (const name of scraped(await page.text())) names.add(name);
    }
    const asked = [
      ...alerts().map(({ expr }) => expr),
      ...dashboards().flatMap(({ panels = [] }) =>
        panels
          .flatMap((panel) => ("targets" in panel ? (panel.targets as { expr?: string }[]) : []))
          .map(({ expr }) => filledIn(expr!)),
      ),
    ].flatMap(seriesOf);
    // What Prometheus makes itself, and what is recorded.
    const own = (name: string): boolean => name === "up" || name.startsWith("architech:");
    for (const name of new Set(asked)) assert.ok(own(name) || names.has(name), `no process has ${name}`);

    // Every one of ours, and of those of Node that are said to matter, is in the guide, and no other.
    const guide = readFileSync(fileURLToPath(new URL("../../../docs/guide/seeing.md", import.meta.url)), "utf8");
    const told = new Set(
      [...guide.matchAll(/^\| `((?:architech|process|nodejs)_\w+)(?:\{.*?\})?`/gm)].map(([, name]) => name!),
    );
    const families = new Set(
      [...names].map((name) =>
        name.replace(/(?<=architech_http_request_seconds|nodejs_gc_duration_seconds)_(bucket|sum|count)$/, ""),
      ),
    );
    assert.deepEqual(
      [...families].filter((name) => name.startsWith("architech_") && !told.has(name)),
      [],
      "not in the guide",
    );
    assert.deepEqual(
      [...told].filter((name) => !families.has(name)),
      [],
      "in the guide, and nowhere else",
    );
    const actions = [...guide.matchAll(/^\| `(Architech\w+)` +\|/gm)].map(([, name]) => name);
    assert.deepEqual(
      actions,
      alerts().map(({ name }) => name),
    );
  });

  it("answers every panel of the dashboards", async () => {
    for (const dashboard of dashboards())
      for (const panel of dashboard.panels ?? [])
        for (const { expr } of "targets" in panel ? (panel.targets as { expr?: string }[]) : []) {
          // Recorded over windows of the alerts' pace.
          const filled = filledIn(expr!, "20s").replace("rate1h", `rate${duration(3_600 * pace)}`);
          const what = `${dashboard.title}: ${panel.title}: ${filled}`;
          if (seriesOf(filled).some((name) => ofFaults.has(name))) await prometheus!.query(filled);
          else await until(async () => (await prometheus!.query(filled)).length > 0, what, 15_000);
        }
  });

  it("tells when the bus is away, though those who miss it go on to answer", async () => {
    await nats[0]!.kill();
    await fires("ArchitechBusDown");
    assert.ok(!(await prometheus!.firing()).has("ArchitechDown"));
    nats[0]!.restart();
    await ends("ArchitechBusDown");
  });

  it("tells when a process has gone", async () => {
    await processes.get("documents")!.end("SIGKILL");
    await fires("ArchitechDown");
  });
});
