import fc from "fast-check";
import type { FaultDocument } from "#src/model/fault-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, type Process } from "./process.js";
import { Replica } from "./replica.js";
import { apart, fineMs, ms, opsOf, requests, traced } from "./requests.js";

const interval = { at: fineMs(0.1, 15), for: fineMs(0.1, 8) };
const fault = fc.oneof(
  fc.record({
    do: fc.constant("outage" as const),
    requests: fc.constantFrom("hang" as const, "refuse" as const),
    ...interval,
  }),
  fc.record({ do: fc.constant("slow" as const), by: fc.constantFrom(0.5, 2, 4), ...interval }),
  fc.record({ do: fc.constant("errors" as const), probability: fc.constant(1), ...interval }),
  fc.record({ do: fc.constant("pause" as const), ...interval }),
  fc.record({ do: fc.constant("pauses" as const), every: fineMs(0.5, 8), for: fineMs(0.1, 3) }),
);
type Fault = typeof fault extends fc.Arbitrary<infer Of> ? Of : never;

const document = (fault: Fault): FaultDocument =>
  fault.do === "pauses"
    ? { ...fault, node: "q", every: ms(fault.every), for: ms(fault.for) }
    : { ...fault, node: "q", at: ms(fault.at), for: ms(fault.for) };

const untilMs = 100;

describe("truth: faults, event by event", () => {
  const cases = fc.record({
    all: requests(1).map(apart),
    faults: fc.array(fault, { minLength: 1, maxLength: 4 }),
    replicas: fc.integer({ min: 1, max: 3 }),
    threads: fc.integer({ min: 1, max: 2 }),
  });

  it("outages, slowness, errors, and pauses of all replicas or of each, together", () => {
    holds(
      cases,
      ({ all, faults, replicas, threads }) => {
        const q = {
          kind: "service",
          replicas,
          threads,
          ops: opsOf(all, ({ work }) => [
            { do: "wait", time: ms(work) },
            { do: "wait", time: ms(work / 4) },
          ]),
        } as const;
        const model = { architech: 1, nodes: { q }, traffic: traced(all), faults: faults.map(document) } as const;
        const expected = Log.of(
          all,
          "q",
          ({ world }) => {
            const copies = Array.from({ length: replicas }, () => new Replica(world, threads));
            const now = { refusing: 0, failing: 0, slowness: 1 };
            const forEach = (act: (copy: Replica) => void): void => copies.forEach(act);
            const happen: Record<Exclude<Fault["do"], "pauses">, (fault: never, begins: boolean) => void> = {
              outage: ({ requests }: { requests: string }, begins) => {
                if (requests === "refuse") now.refusing += begins ? 1 : -1;
                forEach(({ station }) => (begins ? station.down++ : station.wake()));
              },
              slow: ({ by }: { by: number }, begins) => {
                now.slowness *= begins ? by : 1 / by;
              },
              errors: (_, begins) => {
                now.failing += begins ? 1 : -1;
              },
              pause: (_, begins) => {
                forEach((copy) => (begins ? copy.standStill() : copy.goOn()));
              },
            };
            const again = function* (copy: Replica, every: number, time: number): Process {
              for (;;) {
                yield every;
                copy.standStill();
                yield time;
                copy.goOn();
              }
            };
            for (const fault of faults)
              if (fault.do === "pauses") for (const copy of copies) world.start(again(copy, fault.every, fault.for));
              else
                for (const [at, begins] of [
                  [fault.at, true],
                  [fault.at + fault.for, false],
                ] as const)
                  world.after(at, () => happen[fault.do](fault as never, begins));
            let turn = 0;
            return function* ({ work }) {
              if (now.refusing > 0 || now.failing > 0) throw new Failed();
              const copy = copies[turn++ % replicas]!;
              yield* copy.station.take();
              for (const time of [work, work / 4]) yield* copy.pass(time * now.slowness);
              copy.station.give();
            };
          },
          untilMs,
        );
        sameEvents(eventsOf(model, ["q"], untilMs), expected);
      },
      1000,
    );
  });
});
