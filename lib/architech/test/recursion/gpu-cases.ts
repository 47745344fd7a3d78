import type { ModelDocument } from "#src/model/document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { TimeDocument } from "#src/model/time-document.js";

/** Replications of each case. */
export const runsEach = 20;

export const gpuOptions = {
  untilMs: 45_000,
  warmupMs: 5_000,
  everyMs: 10_000,
  bounds: { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 },
  method: "recursion",
  device: "gpu",
} as const;

/** What the child prints of a task: by processors, and by the GPU. */
export interface Given {
  readonly name: string;
  readonly replication: number;
  readonly metrics: readonly (readonly [name: string, cpu: number | null, gpu: number | null])[];
  readonly saturated: readonly (readonly string[])[];
  readonly inside: readonly number[];
  readonly count: readonly number[];
}

const exponential = (mean: string): TimeDocument => ({ dist: "exponential", mean });
const cpu = (time: TimeDocument): StepDocument => ({ do: "cpu", time });
const call = (to: string, op: string): StepDocument => ({ do: "call", to, op });

function service(steps: readonly StepDocument[], rest: object = {}): NodeDocument {
  return { kind: "service", ...rest, ops: { serve: steps } };
}

function one(time: TimeDocument, rest: object): ModelDocument {
  return chain({ q: service([cpu(time)], rest) }, "q", "100rps");
}

function chain(nodes: Record<string, NodeDocument>, to: string, rate: string, arrivals?: "regular"): ModelDocument {
  const traffic = { to, mix: { serve: 1 }, rate, ...(arrivals === undefined ? {} : { arrivals }) };
  return { architech: 1, nodes, traffic };
}

/** M/M/1, M/M/4, M/D/1 and M/G/1 with a load of 0.7, and every other thing that a recursion may have. */
export const cases: Readonly<Record<string, ModelDocument>> = {
  mm1: one(exponential("7ms"), { threads: 1 }),
  mm4: one(exponential("28ms"), { threads: 4 }),
  md1: one("7ms", { threads: 1 }),
  mg1: one({ dist: "gamma", shape: 0.5, mean: "7ms" }, { threads: 1 }),
  loss: one(exponential("20ms"), { threads: 2, queue: { capacity: 0 } }),
  bounded: one(exponential("12ms"), { threads: 1, queue: { capacity: 5 } }),
  replicas: one({ dist: "uniform", min: "5ms", max: "40ms" }, { threads: 1, replicas: 3 }),
  saturated: one(exponential("12ms"), { threads: 1 }),
  mixture: one(
    {
      dist: "mixture",
      of: [
        { weight: 2, time: { dist: "weibull", shape: 2, mean: "4ms" } },
        { weight: 1, time: { dist: "empirical", values: ["1ms", "3ms", "12ms"] } },
        { weight: 1, time: { dist: "pareto", min: "2ms", alpha: 3 } },
        { weight: 1, time: { dist: "erlang", shape: 3, mean: "5ms" } },
      ],
    },
    { threads: 1, cost: { replicaHour: 1 } },
  ),
  tandem: chain(
    {
      front: service([{ do: "wait", time: "1ms" }, call("a", "serve"), call("db", "read")]),
      a: service([cpu(exponential("6ms")), { do: "wait", time: exponential("1ms") }], { threads: 1 }),
      db: { kind: "database", connections: 3, read: { dist: "lognormal", mean: "20ms", sigma: 1 }, write: "1ms" },
    },
    "front",
    "100rps",
  ),
  regular: chain(
    {
      front: service([cpu("1ms"), call("db", "read")], { threads: 4 }),
      db: { kind: "database", connections: 8, read: exponential("25ms"), write: "1ms" },
    },
    "front",
    "100rps",
    "regular",
  ),
};
