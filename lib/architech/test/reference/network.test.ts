import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import type { HopDocument } from "#src/model/network-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Link, type LinkSettings } from "./link.js";
import { Log } from "./log.js";
import type { Process } from "./process.js";
import { apart, fineMs, ms, opsOf, requests, traced, working, works } from "./requests.js";
import { Station } from "./station.js";

const places = ["traffic", "q", "line", "east", "west"] as const;
/** The two links that there are, and what a partition between two places cuts of them. */
const cutBy = (a: string, b: string): { client: boolean; inner: boolean } => {
  const is = (place: string, ...names: string[]): boolean => names.includes(place);
  const parts = (from: string[], to: string[]): boolean =>
    (is(a, ...from) && is(b, ...to)) || (is(b, ...from) && is(a, ...to));
  return { client: parts(["traffic"], ["q", "east"]), inner: parts(["q", "east"], ["line", "west"]) };
};

const time = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fineMs(0.05, 1) });
const settings: fc.Arbitrary<LinkSettings> = fc.record({
  latency: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fineMs(0.05, 3) }),
  loss: fc.constantFrom(0, 0.2, 0.4),
  retransmit: fineMs(0.1, 2),
  request: time,
  response: time,
});
const partition = fc.record({
  between: fc.uniqueArray(fc.constantFrom(...places), { minLength: 2, maxLength: 2 }),
  at: fineMs(0.1, 15),
  for: fineMs(0.1, 8),
  requests: fc.constantFrom("hang" as const, "refuse" as const),
});

/** 1 KB a millisecond. */
const hop = (
  from: string,
  to: string,
  { latency, loss, retransmit, request, response }: LinkSettings,
): HopDocument => ({
  from,
  to,
  latency: ms(latency),
  loss,
  retransmit: ms(retransmit),
  bandwidth: "8Mbps",
  request: `${request}KB`,
  response: `${response}KB`,
});

describe("truth: links and partitions, event by event", () => {
  const cases = fc.record({
    all: requests(1).map(apart),
    client: settings,
    inner: settings,
    partitions: fc.array(partition, { maxLength: 3 }),
    threads: fc.integer({ min: 1, max: 3 }),
  });

  it("latency, bandwidth, losses, and cuts which let nothing in at either end", () => {
    holds(
      cases,
      ({ all, client, inner, partitions, threads }) => {
        const model: ModelDocument = {
          architech: 1,
          nodes: {
            q: { kind: "service", ops: opsOf(all, ({ name }) => [{ do: "call", to: "line", op: name }]) },
            line: { kind: "service", threads, ops: opsOf(all, working) },
          },
          traffic: traced(all),
          network: {
            zones: { east: { nodes: ["q"] }, west: { nodes: ["line"] } },
            hops: [hop("traffic", "q", client), hop("q", "line", inner)],
          },
          faults: partitions.map(({ between: [a, b], at, for: time, requests }) => ({
            do: "partition" as const,
            between: [a!, b!] as const,
            at: ms(at),
            for: ms(time),
            requests,
          })),
        };
        const log = new Log();
        const { world } = log;
        const links = { client: new Link(world, client), inner: new Link(world, inner) };
        for (const { between, at, for: time, requests } of partitions) {
          const cut = cutBy(between[0]!, between[1]!);
          for (const which of ["client", "inner"] as const)
            if (cut[which]) {
              world.after(at, () => links[which].cut(requests === "refuse", true));
              world.after(at + time, () => links[which].cut(requests === "refuse", false));
            }
        }
        const station = new Station(world, threads);
        for (const request of all) {
          const { name } = request;
          const line = function* (): Process {
            yield* station.take();
            try {
              yield* works(request);
            } finally {
              station.give();
            }
          };
          const q = links.inner.call(`q/${name}/0`, log.through(`line.${name}`, line()));
          world.after(request.at, () =>
            world.start(links.client.call(`traffic/${name}/0`, log.through(`q.${name}`, q))),
          );
        }
        world.run();
        sameEvents(eventsOf(model, ["q", "line"]), log.events);
      },
      1000,
    );
  });
});
