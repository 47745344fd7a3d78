import fc from "fast-check";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { HopDocument, NetworkDocument } from "#src/model/network-document.js";
import { ms, time } from "./random-time.js";

const interval = { at: ms(0, 60), for: ms(1, 40) };

/** An outage of one of these. */
export const fault = (...names: readonly string[]): fc.Arbitrary<FaultDocument> =>
  fc.record({
    do: fc.constant("outage" as const),
    node: fc.constantFrom("front", "middle", "leaf", "db", "cache", "jobs", "worker", ...names),
    ...interval,
    requests: fc.constantFrom("hang" as const, "refuse" as const),
  });

const worksAlone = fc.constantFrom("middle", "twin", "db", "cache", "worker");

/** Faults of every other kind. */
export const richFault: fc.Arbitrary<FaultDocument> = fc.oneof(
  fault("edge", "twin", "events", "bus", "biller", "helper", "grave", "nightly"),
  fc
    .record({
      at: fc.constantFrom<{ zone: string } | { node: string }>({ zone: "a" }, { zone: "b" }, { node: "db" }),
      mtbf: ms(5, 50),
      mttr: ms(1, 20),
      requests: fc.constantFrom("hang" as const, "refuse" as const),
    })
    .map(({ at, ...settings }) => ({ do: "crash", ...at, ...settings }) as const),
  fc.record({ do: fc.constant("outage" as const), zone: fc.constantFrom("a", "b"), ...interval }),
  fc.record({ do: fc.constant("slow" as const), node: worksAlone, by: fc.constantFrom(0.5, 4), ...interval }),
  fc.record({
    do: fc.constant("errors" as const),
    node: worksAlone,
    probability: fc.constantFrom(0.1, 1),
    ...interval,
  }),
  fc.record({ do: fc.constant("pause" as const), node: fc.constantFrom("db", "worker", "cache"), ...interval }),
  fc.record({ do: fc.constant("pauses" as const), node: fc.constantFrom("db", "worker"), every: time, for: time }),
  fc.record({
    do: fc.constant("partition" as const),
    between: fc.constantFrom<[string, string]>(["a", "b"], ["traffic", "front"], ["middle", "db"]),
    ...interval,
    requests: fc.constantFrom("hang" as const, "refuse" as const),
  }),
);

export const richNetwork: fc.Arbitrary<NetworkDocument> = fc
  .record({
    latency: fc.record({ zone: ms(0, 0.2), region: time, world: time }),
    region: fc.option(fc.constantFrom("eu", "us"), { nil: undefined }),
    hops: fc.constantFrom<readonly HopDocument[]>(
      [],
      [{ from: "traffic", to: "front", latency: "0.7ms" }],
      [
        {
          from: "front",
          to: "db",
          bandwidth: "100Mbps",
          request: "2KB",
          response: "10KB",
          loss: 0.1,
          retransmit: "1ms",
        },
      ],
    ),
  })
  .map(({ region, ...network }) => ({
    ...network,
    zones: {
      a: { ...(region === undefined ? {} : { region: "eu" }), nodes: ["front", "middle", "edge"] },
      b: { ...(region === undefined ? {} : { region }), nodes: ["db", "cache", "twin"] },
    },
  }));
