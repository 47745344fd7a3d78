import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import { mostReplicas } from "#src/model/format-scale.js";
import type { NodeDocument } from "#src/model/node-document.js";
import { balancing, gateway } from "./random-balance.js";
import { costs } from "./random-cost.js";
import { database, goesByKey, keyed, keyedCache, ratioCache } from "./random-data.js";
import { fault, richFault, richNetwork } from "./random-faults.js";
import { line, plainLine } from "./random-line.js";
import { messaging } from "./random-messaging.js";
import { policies } from "./random-policies.js";
import { scale } from "./random-scale.js";
import { steps } from "./random-steps.js";
import { ms, time } from "./random-time.js";
import { richTraffic, traffic } from "./random-traffic.js";
import { trimmed } from "./trimmed.js";

function service(
  targets: readonly (readonly [string, string])[],
  ops: readonly string[],
  rich: boolean,
): fc.Arbitrary<NodeDocument> {
  return fc
    .record({
      replicas: fc.integer({ min: 1, max: 3 }),
      threads: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      cores: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      balance: fc.constantFrom(
        "round-robin" as const,
        "random" as const,
        "least-connections" as const,
        "choices" as const,
      ),
      queue: fc.option(rich ? line : plainLine, { nil: undefined }),
      scheduling: rich
        ? fc.constantFrom("fifo" as const, "ps" as const, "srpt" as const, "priority" as const)
        : fc.constant("fifo" as const),
      steps: fc.array(steps(targets, 2, rich, rich ? ["jobs", "events", "bus"] : ["jobs"]), {
        minLength: ops.length,
        maxLength: ops.length,
      }),
      // In front of one replica there is nothing to choose; choices of more than one would be refused.
      balancer: rich ? fc.option(balancing(1, false), { nil: undefined }) : fc.constant(undefined),
      coldStart: rich ? fc.option(fc.record({ time, idle: ms(0.5, 20) }), { nil: undefined }) : fc.constant(undefined),
      scales: rich ? scale(true, "service") : fc.constant(undefined),
      scalesWithout: rich ? scale(false, "service") : fc.constant(undefined),
    })
    .map(
      ({ replicas, threads, cores, balance, queue, scheduling, steps, balancer, coldStart, scales, scalesWithout }) => {
        const scale = threads === undefined ? scalesWithout : scales;
        const most = mostReplicas(scale === undefined ? { replicas } : { scale });
        return {
          kind: "service" as const,
          ...(scale === undefined ? { replicas } : { scale }),
          ...(threads === undefined ? {} : { threads }),
          ...(cores === undefined ? {} : { cores: Math.min(cores, threads ?? cores), scheduling }),
          ...(queue === undefined || threads === undefined ? {} : { queue }),
          ...(coldStart === undefined || threads === undefined || scale !== undefined ? {} : { coldStart }),
          balance: balancer ?? (balance === "choices" ? { choices: Math.min(2, most) } : balance),
          ops: Object.fromEntries(ops.map((op, i) => [op, steps[i]!])),
        };
      },
    );
}

const data = [
  ["db", "read"],
  ["db", "write"],
  ["cache", "get"],
  ["cache", "put"],
  ["leaf", "serve"],
] as const;
const viaGateway = [["edge", "serve"]] as const;
const richData = [...data, ["limit", "take"]] as const;

/** Models of every kind of element, step, distribution, balance and traffic; each is valid, few are sensible. */
export const anyModel: fc.Arbitrary<ModelDocument> = fc.oneof(modelsOf(false), modelsOf(true));

/** `rich`: with policies, with lines and cores that keep another order than that of arrival, and with what scales. */
function modelsOf(rich: boolean): fc.Arbitrary<ModelDocument> {
  const called = rich ? richData : data;
  return fc
    .record({
      front: service([["middle", "serve"], ...(rich ? viaGateway : []), ...called], ["browse", "buy"], rich),
      middle: service(called, ["serve"], rich),
      db: database(rich),
      cache: rich ? fc.oneof(ratioCache, keyedCache) : ratioCache,
      ...(rich ? policies : ({} as Partial<typeof policies>)),
      ...(rich ? { edge: gateway, twin: service(called, ["serve"], true) } : {}),
      // They publish nothing to what they take from: a queue that feeds itself never runs dry.
      ...(rich
        ? messaging(steps(data, 1, true), steps(data, 1, true, ["jobs", "bus"]))
        : {
            jobs: fc.record({ kind: fc.constant("queue" as const), capacity: fc.integer({ min: 1, max: 20 }) }),
            worker: fc.record({
              kind: fc.constant("worker" as const),
              takes: fc.constant("jobs"),
              threads: fc.integer({ min: 1, max: 3 }),
              work: fc.oneof(time, steps(data, 1, false)),
            }),
          }),
      traffic: rich ? richTraffic : traffic,
      faults: fc.array(rich ? richFault : fault(), { maxLength: 2 }),
      network: rich ? richNetwork : fc.constant(undefined),
      priced: rich ? costs : fc.constant((node: NodeDocument): NodeDocument => node),
      more: fc.constantFrom(
        {},
        {},
        {
          name: "any",
          groups: { all: { nodes: ["front"], groups: { stores: { nodes: ["db", "cache"] } } } },
          layout: { front: { x: 10, y: -20.5 } },
        },
      ),
    })
    .map(({ traffic, faults, network, priced, more, ...nodes }) => {
      const all: Record<string, NodeDocument> = {
        ...nodes,
        // Takes a constant time on a core and nothing else: what it is busy with is known.
        leaf: { kind: "service", threads: 2, ops: { serve: [{ do: "cpu", time: "0.5ms" }] } },
      };
      return trimmed({
        architech: 1,
        ...more,
        nodes: Object.fromEntries(Object.entries(all).map(([name, node]) => [name, priced(node)])),
        traffic: goesByKey(nodes) ? keyed(traffic) : traffic,
        faults,
        ...(network === undefined ? {} : { network }),
      });
    });
}
