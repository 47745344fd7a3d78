import fc from "fast-check";
import { draw } from "#src/engine/core/draw.js";
import type { ModelDocument } from "#src/model/document.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import { openDistribution } from "../engine/memory.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { MessageQueue } from "./message-queue.js";
import { Failed, Happening, type Process } from "./process.js";
import { Replica } from "./replica.js";
import { apart, fineMs, ms, opsOf, requests, traced } from "./requests.js";

const [api, items, jobs, worker] = ["q", "items", "jobs", "worker"] as const;
type Name = typeof api | typeof items | typeof jobs | typeof worker;
const zones: Readonly<Record<string, readonly Name[]>> = { east: [api, jobs], west: [items, worker] };
const untilMs = 100;
const [read, write, work] = [0.9001953125, 1.3017578125, 2.1005859375];

const place = fc.constantFrom(api, items, jobs, worker, "east", "west");
const requestsIn = fc.constantFrom("hang" as const, "refuse" as const);
const fault = fc.oneof(
  fc.record({
    do: fc.constant("outage" as const),
    place,
    at: fineMs(0.1, 15),
    for: fineMs(0.1, 8),
    requests: requestsIn,
  }),
  fc.record({
    do: fc.constant("crash" as const),
    place,
    mtbf: fineMs(1, 20),
    mttr: fineMs(0.5, 5),
    requests: requestsIn,
  }),
  fc.record({
    do: fc.constant("pause" as const),
    place: fc.constantFrom(api, items, worker),
    at: fineMs(0.1, 15),
    for: fineMs(0.1, 8),
  }),
);
type Fault = typeof fault extends fc.Arbitrary<infer Of> ? Of : never;

function documentOf({ place, ...fault }: Fault): FaultDocument {
  const at = place in zones ? { zone: place } : { node: place };
  const times = Object.entries(fault).map(([field, value]) => [field, typeof value === "number" ? ms(value) : value]);
  return { ...at, ...Object.fromEntries(times) };
}

describe("truth: crashes and zones, event by event", () => {
  const cases = fc.record({
    all: requests(1).map(apart),
    faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
    threads: fc.integer({ min: 1, max: 3 }),
    connections: fc.integer({ min: 1, max: 2 }),
  });

  it("what is down starts nothing and ends what is under way; a zone goes down and comes back as one", () => {
    holds(
      cases,
      ({ all, faults, threads, connections }) => {
        const model: ModelDocument = {
          architech: 1,
          nodes: {
            q: {
              kind: "service",
              threads,
              ops: opsOf(all, ({ work, fails }) => [
                { do: "wait", time: ms(work) },
                { do: "call", to: items, op: fails ? "write" : "read" },
                { do: "publish", to: jobs },
              ]),
            },
            items: { kind: "database", connections, read: ms(read), write: ms(write) },
            jobs: { kind: "queue" },
            worker: { kind: "worker", takes: jobs, work: ms(work) },
          },
          traffic: traced(all),
          network: { zones: { east: { nodes: zones.east! }, west: { nodes: zones.west! } } },
          faults: faults.map(documentOf),
        };
        const expected = Log.of(
          all,
          api,
          (log) => {
            const { world } = log;
            const copies = {
              q: new Replica(world, threads),
              items: new Replica(world, connections),
              worker: new Replica(world, 1),
            };
            const refusing = { q: 0, items: 0, jobs: 0, worker: 0 };
            const queue = new MessageQueue(
              log,
              jobs,
              {
                capacity: Number.POSITIVE_INFINITY,
                delay: 0,
                visibility: Number.POSITIVE_INFINITY,
                backoff: undefined,
                maxReceives: Number.POSITIVE_INFINITY,
              },
              [{ name: worker, threads: 1, most: 1, wait: 0, work: () => copies.worker.pass(work) }],
            );
            let outages = 0;
            let over = new Happening();
            const stop = (name: Name, refuse: boolean): void => {
              if (refuse) refusing[name]++;
              if (name === worker) queue.send(name, true);
              else if (name !== jobs) copies[name].station.down++;
              else {
                queue.close();
                if (outages++ === 0) over = new Happening();
              }
            };
            const start = (name: Name, refuse: boolean): void => {
              if (refuse) refusing[name]--;
              if (name === worker) queue.send(name, false);
              else if (name !== jobs) copies[name].station.wake();
              else {
                if (--outages === 0) over.happen();
                queue.open();
              }
            };
            const standStill = (name: "q" | "items" | "worker"): void => {
              if (name === worker) queue.send(name, true);
              copies[name].standStill();
            };
            const goOn = (name: "q" | "items" | "worker"): void => {
              if (name === worker) queue.send(name, false);
              copies[name].goOn();
            };
            for (const [i, fault] of faults.entries()) {
              const struck = (zones[fault.place] ?? [fault.place]) as readonly Name[];
              const refuse = fault.do !== "pause" && fault.requests === "refuse";
              const begin = (): void => {
                if (fault.do === "pause") standStill(fault.place);
                else for (const name of struck) stop(name, refuse);
              };
              const end = (): void => {
                if (fault.do === "pause") goOn(fault.place);
                else for (const name of struck) start(name, refuse);
              };
              if (fault.do !== "crash") {
                world.after(fault.at, begin);
                world.after(fault.at + fault.for, end);
                continue;
              }
              // The engine names the numbers that it draws, so the reference can have the same luck.
              const [up, down] = (["mtbf", "mttr"] as const).map((what) => {
                const from = openDistribution({ kind: "exponential", mean: fault[what] }, `1/0/faults/${i}/${what}`);
                return Array.from({ length: 500 }, () => draw(from));
              });
              world.start(
                (function* () {
                  for (;;) {
                    yield up!.shift()!;
                    begin();
                    yield down!.shift()!;
                    end();
                  }
                })(),
              );
            }
            const query = function* (time: number): Process {
              if (refusing.items > 0) throw new Failed();
              yield* copies.items.station.take();
              yield* copies.items.pass(time);
              copies.items.station.give();
            };
            return function* ({ work, fails }) {
              if (refusing.q > 0) throw new Failed();
              yield* copies.q.station.take();
              try {
                yield* copies.q.pass(work);
                yield* log.through(items, query(fails ? write : read));
                if (refusing.jobs > 0) throw new Failed();
                while (outages > 0) yield over;
                queue.put();
              } finally {
                copies.q.station.give();
              }
            };
          },
          untilMs,
        );
        sameEvents(eventsOf(model, [api, items, jobs, worker], untilMs), expected);
      },
      1000,
    );
  });
});
