import type { RunRequest } from "@architech/protocol";
import { twoZones } from "@architech/test-tools";
import { request } from "../runs/host.js";

const exponential = (mean: string) => ({ dist: "exponential", mean }) as const;

/** Work between two calls. */
const alone = { do: "repeat", times: 30, steps: [{ do: "cpu", time: exponential("0.2ms") }] };

/** Three regions that ask each other in a ring, one of which grows with its load, and a queue in another. */
const ring = {
  architech: 1,
  nodes: {
    eu: {
      kind: "service",
      threads: 20,
      ops: {
        buy: [alone, { do: "call", to: "us", op: "stock" }],
      },
    },
    us: {
      kind: "service",
      threads: 4,
      scale: { by: "hpa", min: 1, max: 6, target: { cpu: 0.6 }, sync: "2s", startup: "1s" },
      ops: {
        stock: [alone, { do: "call", to: "ap", op: "log" }],
      },
    },
    ap: { kind: "service", threads: 20, ops: { log: [{ do: "publish", to: "mails" }, alone] } },
    mails: { kind: "queue" },
    mailer: { kind: "worker", takes: "mails", threads: 4, work: [{ do: "wait", time: exponential("10ms") }] },
  },
  network: {
    zones: { eu: { nodes: ["eu"] }, us: { nodes: ["us"] }, ap: { nodes: ["ap", "mails", "mailer"] } },
    latency: { world: { dist: "uniform", min: "30ms", max: "50ms" } },
  },
  traffic: { to: "eu", rate: "200rps", mix: { buy: 1 } },
};

/** Clients whose requests travel, for a time that is drawn, to a service and its database. */
const clients = {
  architech: 1,
  nodes: {
    front: { kind: "service", threads: 20, ops: { serve: [{ do: "call", to: "db", op: "read" }] } },
    db: { kind: "database", connections: 8, read: exponential("3ms"), write: "2ms" },
  },
  network: { hops: [{ from: "traffic", to: "front", latency: { dist: "pareto", min: "25ms", alpha: 3 } }] },
  traffic: { to: "front", rate: "900rps", mix: { serve: 1 } },
};

/** Models that can be cut, and into how many parts. */
export const cuttable = {
  "two zones": { model: twoZones("500rps", "20ms"), parts: 2 },
  "a ring of three regions": { model: ring, parts: 3 },
  "clients that are far away": { model: clients, parts: 2 },
} as const;

/** A run of one task of such a model, across so many workers; as one by default. */
export function inParts(model: unknown, most = 1, options: Partial<RunRequest["options"]> = {}): RunRequest {
  const { points: _, ...wanted } = request({ until: "3min", warmup: "auto", every: "1s", runs: 1, ...options });
  return {
    ...wanted,
    kind: "run",
    model,
    points: [{ key: {}, change: {} }],
    options: { ...wanted.options, parts: most === 1 ? 1 : { most, across: "workers" } },
  };
}
