// The same across two workers of a cluster on NATS, each with one part, all of them processes of their own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause, RunClient } from "@architech/protocol";
import { WebSocket } from "ws";
import { Cluster } from "../measure/cluster.mjs";
import { twoRegions } from "./two-regions.mjs";

/** What one and two parts take at each of these latencies, in pairs; undefined when there is no program for the bus. */
export async function overTheBus(latencies, seconds, rounds) {
  const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
  const cluster = await Cluster.open(folder);
  if (cluster === undefined) return undefined;
  try {
    const url = await cluster.serve("runs");
    await Promise.all([cluster.worker(), cluster.worker()]);
    const client = new RunClient({ url: url.href, token: cluster.token, WebSocket });
    await run(cluster, client, 1, latencies[0], "2s");
    await run(cluster, client, 2, latencies[0], "2s");
    const lines = [];
    for (const latency of latencies) {
      const pairs = [];
      for (let i = 0; i < rounds; i++) {
        const both = [1, 2].map((parts) => () => run(cluster, client, parts, latency, `${seconds}s`));
        pairs.push([await both[0](), await both[1]()]);
      }
      lines.push({ latency, pairs });
    }
    return lines;
  } finally {
    await cluster.end();
    await rm(folder, { recursive: true, force: true });
  }
}

let seed = 0;

async function run(cluster, client, parts, latency, until) {
  const wanted = parts === 1 ? 1 : { most: parts, across: "workers" };
  const options = { until, warmup: "1s", runs: 1, seed: ++seed, confidence: 0.95, series: false, cache: false };
  const request = {
    version: 1,
    kind: "run",
    model: JSON.parse(JSON.stringify(twoRegions(latency))),
    points: [{ key: {}, change: {} }],
    options: { ...options, parts: wanted },
  };
  const before = cluster.use();
  const begun = performance.now();
  const { id } = await client.start(request);
  for await (const _ of client.stream(id));
  const wall = (performance.now() - begun) / 1000;
  const after = cluster.use();
  const cpu = (role) =>
    Object.keys(after)
      .filter((name) => name.split(" ")[0] === role)
      .reduce((sum, name) => sum + after[name].cpu - before[name].cpu, 0);
  const found = await partsOf(client, id);
  if (found.count !== parts || (parts > 1 && found.across !== "workers")) throw new Error(`not in parts: ${found.why}`);
  return { wall, cpu: cpu("worker"), bus: cpu("nats"), parts: found };
}

/** What it says of its parts once it is over, which is a moment after its last frame. */
async function partsOf(client, id) {
  for (;;) {
    const { state, parts } = await client.get(id);
    if (state !== "running") return parts;
    await pause(20);
  }
}
