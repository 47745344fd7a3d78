import type { ModelDocument } from "#src/model/document.js";

/** A web shop with every kind of node and of use. */
export const shop: ModelDocument = {
  architech: 1,
  name: "web shop",
  nodes: {
    api: {
      kind: "service",
      replicas: 3,
      threads: 8,
      ops: {
        browse: [
          { do: "cpu", time: "1ms" },
          { do: "call", to: "sessions", op: "get", miss: [{ do: "call", to: "orders", op: "read" }] },
        ],
        buy: [
          {
            do: "retry",
            times: 2,
            backoff: "50ms",
            steps: [{ do: "timeout", after: "1s", steps: [{ do: "call", to: "orders", op: "write" }] }],
          },
          {
            do: "parallel",
            branches: [[{ do: "call", to: "billing", op: "charge" }], [{ do: "publish", to: "emails" }]],
          },
        ],
      },
    },
    billing: {
      kind: "service",
      ops: {
        charge: [
          {
            do: "either",
            branches: [
              { weight: 1, steps: [{ do: "repeat", times: 2, steps: [{ do: "call", to: "orders", op: "read" }] }] },
            ],
          },
        ],
      },
    },
    orders: { kind: "database", connections: 20, read: "4ms", write: "9ms" },
    sessions: { kind: "cache", get: "0.4ms", hitRatio: 0.85, fronts: "orders" },
    emails: { kind: "queue", capacity: 5000 },
    mailer: { kind: "worker", takes: "emails", replicas: 2, work: [{ do: "call", to: "orders", op: "write" }] },
  },
  traffic: { to: "api", rate: "120rps", mix: { browse: 9, buy: 1 } },
};
