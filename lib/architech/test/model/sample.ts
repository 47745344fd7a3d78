import type { ModelDocument } from "#src/model/document.js";

/** A small valid document that holds every kind of node and step. */
export const document = {
  architech: 1,
  name: "shop",
  nodes: {
    api: {
      kind: "service",
      replicas: 3,
      threads: 8,
      cores: 4,
      balance: { choices: 2 },
      ops: {
        browse: [
          { do: "cpu", time: "1.5ms" },
          { do: "call", to: "sessions", op: "get", miss: [{ do: "call", to: "orders", op: "read" }] },
        ],
        buy: [
          {
            do: "retry",
            times: 2,
            backoff: "50ms",
            growth: "exponential",
            cap: "1s",
            jitter: 0.5,
            steps: [{ do: "timeout", after: "1s", steps: [{ do: "call", to: "orders", op: "write" }] }],
          },
          { do: "parallel", branches: [[{ do: "wait", time: "1ms" }], [{ do: "publish", to: "emails" }]] },
          {
            do: "either",
            branches: [
              { weight: 9, steps: [] },
              { weight: 1, steps: [{ do: "fail", probability: 0.5 }] },
            ],
          },
          { do: "repeat", times: 2, steps: [{ do: "cpu", time: { dist: "exponential", mean: "1ms" } }] },
        ],
      },
    },
    orders: { kind: "database", connections: 20, read: "4ms", write: { dist: "lognormal", mean: "9ms", sigma: 1 } },
    sessions: { kind: "cache", get: "0.4ms", hitRatio: 0.85, fronts: "orders" },
    emails: { kind: "queue", capacity: 5000 },
    mailer: { kind: "worker", takes: "emails", replicas: 2, work: "120ms" },
    filer: { kind: "worker", takes: "emails", work: [{ do: "call", to: "orders", op: "write" }] },
  },
  traffic: { to: "api", rate: "120rps", mix: { browse: 9, buy: 1 } },
  faults: [{ do: "outage", node: "orders", at: "60s", for: "10s" }],
  layout: { api: { x: 0, y: 0 } },
} as const satisfies ModelDocument;

/** The document with the value at a path put in place of what is there; `undefined` takes it away. */
export function having(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(document) as unknown;
  let holder = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  if (value === undefined) delete holder[path.at(-1)!];
  else holder[path.at(-1)!] = value;
  return copy;
}
