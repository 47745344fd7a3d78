import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import type { TimeDocument } from "#src/model/time-document.js";
import { ms } from "../laws/random-time.js";

/** Latencies that have a least value. */
const latency: fc.Arbitrary<TimeDocument> = fc.oneof(
  ms(0.1, 2),
  fc.record({ dist: fc.constant("uniform" as const), min: ms(0.1, 1), max: ms(1, 3) }),
  fc.record({ dist: fc.constant("pareto" as const), min: ms(0.1, 1), alpha: fc.constantFrom(1.5, 3) }),
  fc.array(ms(0.1, 3), { minLength: 1, maxLength: 4 }).map((values) => ({ dist: "empirical", values }) as const),
);

const zones = ["a", "b", "c"] as const;

/** The same models, their nodes spread over zones whose distances take a time. */
export function spread(models: fc.Arbitrary<ModelDocument>): fc.Arbitrary<ModelDocument> {
  return fc
    .record({
      // What a function decides stays in one part.
      model: models.filter((model) => !JSON.stringify(model).includes('"do":"custom"')),
      places: fc.array(fc.constantFrom(...zones), { minLength: 24, maxLength: 24 }),
      world: latency,
      zone: fc.option(ms(0.05, 0.3), { nil: undefined }),
      clients: fc.option(latency, { nil: undefined }),
      wire: fc.boolean(),
    })
    .map(({ model, places, world, zone, clients, wire }) => {
      const { network: _, faults = [], ...rest } = model;
      const nodes = Object.keys(model.nodes);
      const inZone = (name: string): readonly string[] => nodes.filter((_, i) => places[i % places.length] === name);
      const taken = zones.filter((name) => inZone(name).length > 0);
      const isThere = (zone: string): boolean => !zones.includes(zone as "a") || taken.includes(zone as "a");
      return {
        ...rest,
        faults: faults.filter((fault) =>
          fault.do === "partition" ? fault.between.every(isThere) : !("zone" in fault) || isThere(fault.zone!),
        ),
        network: {
          zones: Object.fromEntries(taken.map((name) => [name, { nodes: inZone(name) }])),
          latency: { world, ...(zone === undefined ? {} : { zone }) },
          hops: [
            ...(clients === undefined ? [] : [{ from: "traffic", to: "front", latency: clients }]),
            ...(wire && nodes.includes("db")
              ? [
                  {
                    from: "front",
                    to: "db",
                    latency: world,
                    bandwidth: "100Mbps",
                    request: "2KB",
                    response: "10KB",
                    loss: 0.1,
                    retransmit: "1ms",
                  },
                ]
              : []),
          ],
        },
      } as ModelDocument;
    });
}
