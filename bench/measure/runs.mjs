// Requests of runs, and what they gave: of a cluster, or of one process.
import { createHash } from "node:crypto";
import { pause } from "@architech/protocol";
import { oneService } from "@architech/test-tools";

/** A sweep over the load of one service, of as many points and runs each; a task takes some 0.02 ms for each second of `until`. */
export const sweep = ({ seed = 1, many = 1_000, each = 100, cache = true, until = "5s" } = {}) => ({
  version: 1,
  kind: "sweep",
  model: oneService,
  points: Array.from({ length: many }, (_, i) => ({
    key: { rps: 20 + i / 10 },
    change: { traffic: { rate: `${20 + i / 10}rps` } },
  })),
  options: { until, warmup: "1s", runs: each, seed, confidence: 0.95, series: false, cache },
});

/** Reads the frames of a run to its end: what it gave, and when. `during` is called with every frame. */
export async function read(begun, frames, during = () => {}) {
  const hash = createHash("sha256");
  let [first, bytes, count] = [undefined, 0, 0];
  for await (const frame of frames) {
    // The first frame opens the table, the second is the first row.
    if (++count === 2) first = performance.now() - begun;
    hash.update(frame);
    bytes += frame.byteLength;
    during(count);
  }
  return { seconds: (performance.now() - begun) / 1000, first, bytes, frames: count, hash: hash.digest("hex") };
}

/** A run through the gateway, and what it took of each process. */
export async function inCluster(cluster, client, request, during) {
  const before = cluster.use();
  const begun = performance.now();
  const { id } = await client.start(request);
  const found = await read(begun, client.stream(id), during);
  return { ...found, cpu: used(before, cluster.use()) };
}

/** CPU seconds between two looks at a cluster, by role. */
export function used(before, after) {
  const cpu = {};
  for (const name of Object.keys(after)) {
    const role = name.split(" ")[0];
    cpu[role] = (cpu[role] ?? 0) + after[name].cpu - (before[name]?.cpu ?? 0);
  }
  return { ...cpu, all: Object.values(cpu).reduce((sum, value) => sum + value, 0) };
}

/** The gateway has heard of a service of runs. */
export async function untilThere(client) {
  for (const end = performance.now() + 20_000; ; await pause(100))
    try {
      return await client.list();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
}
