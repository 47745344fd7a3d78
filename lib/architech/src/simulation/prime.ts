import type { ModelDocument } from "../model/document.js";
import type { NodeDocument } from "../model/node-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { TrafficDocument } from "../model/traffic-document.js";

/**
 * Two small models that between them use every instruction of the machine. Run once before the first task, they show
 * the JavaScript compiler every branch of the interpreter's loop: otherwise each branch that is first taken late
 * throws away the compiled loop (docs/decisions/engine-primed.md has the measurement).
 */
export const primingModels: readonly ModelDocument[] = [
  prime({ to: "front", rate: "4000rps", mix: { all: 3, some: 1 } }, [{ do: "call", to: "leaf", op: "serve" }]),
  prime({ to: "front", users: 6, think: "1ms", mix: { all: 1, some: 1 } }, [
    { do: "wait", time: "0.2ms" },
    { do: "call", to: "leaf", op: "serve" },
  ]),
  {
    architech: 1,
    nodes: {
      leaf: {
        kind: "service",
        threads: 1,
        ops: { serve: [{ do: "cpu", time: { dist: "exponential", mean: "1ms" } }] },
      },
    },
    traffic: { to: "leaf", rate: "800rps", mix: { serve: 1 } },
  },
];

function prime(traffic: TrafficDocument, branch: readonly StepDocument[]): ModelDocument {
  const exponential = (mean: string) => ({ dist: "exponential", mean }) as const;
  const leaf = (balance: "round-robin" | "random" | "least-connections" | { choices: number }): NodeDocument => ({
    kind: "service",
    replicas: 3,
    threads: 1,
    balance,
    ops: { serve: [{ do: "wait", time: exponential("0.3ms") }] },
  });
  const call = (to: string, op = "serve"): StepDocument => ({ do: "call", to, op });
  return {
    architech: 1,
    nodes: {
      front: {
        kind: "service",
        ops: {
          all: [
            { do: "parallel", branches: [[call("leaf")], [call("any")], [call("least")], branch] },
            {
              do: "retry",
              times: 2,
              backoff: "1ms",
              jitter: 0.5,
              steps: [{ do: "timeout", after: "0.4ms", steps: branch }],
            },
            { do: "repeat", times: 2, steps: [call("two"), call("grown")] },
            {
              do: "either",
              branches: [
                { weight: 1, steps: [call("cores")] },
                { weight: 1, steps: [call("slow")] },
              ],
            },
            call("cache", "get"),
            { do: "publish", to: "queue" },
          ],
          some: [
            { do: "retry", times: 1, backoff: "1ms", growth: "exponential", steps: [{ do: "fail", probability: 0.3 }] },
            { do: "wait", time: "0.1ms" },
            call("database", "write"),
          ],
        },
      },
      leaf: leaf("round-robin"),
      any: leaf("random"),
      least: leaf("least-connections"),
      two: leaf({ choices: 2 }),
      grown: {
        kind: "service",
        threads: 1,
        balance: { choices: 2 },
        scale: { by: "hpa", min: 2, max: 4, target: { cpu: 0.5 }, sync: "2ms", startup: "1ms" },
        ops: { serve: [{ do: "cpu", time: exponential("0.3ms") }] },
      },
      cores: {
        kind: "service",
        threads: 4,
        cores: 1,
        ops: {
          serve: [
            { do: "cpu", time: exponential("0.2ms") },
            { do: "fail", probability: 0.1 },
          ],
        },
      },
      slow: {
        kind: "service",
        threads: 2,
        ops: {
          serve: [
            { do: "cpu", time: "0.5ms" },
            { do: "timeout", after: "0.3ms", steps: branch },
          ],
        },
      },
      cache: { kind: "cache", get: exponential("0.1ms"), hitRatio: 0.5, fronts: "database" },
      database: { kind: "database", connections: 1, read: exponential("0.3ms"), write: exponential("0.3ms") },
      queue: { kind: "queue", capacity: 10 },
      mailer: {
        kind: "worker",
        takes: "queue",
        work: [
          { do: "wait", time: exponential("0.5ms") },
          { do: "fail", probability: 0.1 },
        ],
      },
      filer: {
        kind: "worker",
        takes: "queue",
        scale: { by: "keda", max: 3, lag: 2, polling: "2ms", cooldown: "2ms", sync: "3ms" },
        work: exponential("0.5ms"),
      },
    },
    traffic,
    faults: [
      { do: "outage", node: "leaf", at: "4ms", for: "2ms" },
      { do: "outage", node: "queue", at: "4ms", for: "2ms", requests: "refuse" },
      { do: "outage", node: "mailer", at: "6ms", for: "2ms" },
      { do: "outage", node: "cache", at: "8ms", for: "2ms", requests: "refuse" },
    ],
  };
}
