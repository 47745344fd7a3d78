import fc from "fast-check";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import { ConsumerGroup, member } from "./consumer-group.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { MessageQueue } from "./message-queue.js";
import { Failed, Happening, type Process } from "./process.js";
import { apart, fineMs, modelOf, ms, requestsAbout } from "./requests.js";

const untilMs = 200;
const partitions = 2;

interface Outage {
  readonly at: number;
  readonly for: number;
  readonly requests: "hang" | "refuse";
}

interface Target {
  readonly kind: "queue" | "log";
  readonly capacity: number;
  readonly delay: number;
  readonly threads: number;
  readonly time: number;
  readonly outage: Outage | undefined;
}

/** What lets nobody in for a while: they wait, or are refused. */
class Door {
  #opens: Happening | undefined;
  readonly #refuses: boolean;

  constructor({ world }: Log, outage: Outage | undefined, begins: () => void = () => {}, ends: () => void = () => {}) {
    this.#refuses = outage?.requests === "refuse";
    if (outage === undefined) return;
    world.after(outage.at, () => {
      this.#opens = new Happening();
      begins();
    });
    world.after(outage.at + outage.for, () => {
      const opens = this.#opens!;
      this.#opens = undefined;
      opens.happen();
      ends();
    });
  }

  *enter(): Process {
    if (this.#opens === undefined) return;
    if (this.#refuses) throw new Failed();
    yield this.#opens;
  }
}

/** How a message is put into a queue or a log that may be down, and that nobody takes from meanwhile. */
function placeOf(log: Log, name: string, target: Target): () => Process {
  const { capacity, delay, threads, time, outage } = target;
  let turn = 0;
  const work = function* (): Process {
    yield time;
  };
  const never = Number.POSITIVE_INFINITY;
  const settings = { capacity, delay, visibility: never, backoff: undefined, maxReceives: never };
  const queue = new MessageQueue(log, name, settings, [{ name: `${name}s`, threads, most: 1, wait: 0, work }]);
  const group = new ConsumerGroup(log, name, { partitions, retention: 1e6, rebalance: 0 }, [
    member(log, `${name}s`, threads, time),
  ]);
  const isLog = target.kind === "log";
  const door = new Door(
    log,
    outage,
    () => (isLog ? group.close(true) : queue.close()),
    () => (isLog ? group.close(false) : queue.open()),
  );
  return function* () {
    yield* door.enter();
    if (isLog) group.append(turn++ % partitions);
    else queue.put();
  };
}

describe("truth: topics, event by event", () => {
  const outage = fc.option(
    fc.record({
      at: fineMs(0.1, 10),
      for: fineMs(0.1, 8),
      requests: fc.constantFrom("hang" as const, "refuse" as const),
    }),
    { nil: undefined },
  );
  const any: fc.Arbitrary<Target> = fc.record({
    kind: fc.constantFrom("queue", "queue", "log"),
    capacity: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
    delay: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fineMs(0.1, 3) }),
    threads: fc.integer({ min: 1, max: 2 }),
    time: fineMs(0.2, 4),
    outage,
  });
  // Who is first when it is up again, those who wait to put or those who take, is nobody's promise.
  const target = any.map((of) => (of.outage?.requests === "hang" ? { ...of, capacity: Number.POSITIVE_INFINITY } : of));
  const cases = fc.record({
    all: requestsAbout(1, fc.constantFrom(1, 1, 2)).map(apart),
    targets: fc.array(target, { minLength: 1, maxLength: 3 }),
    own: outage,
  });

  it("a put is a put into each of its queues and logs: one that is full goes without, for one that is down its copy waits", () => {
    holds(
      cases,
      ({ all, targets, own }) => {
        const names = ["a", "b", "c"].slice(0, targets.length);
        const nodes: Record<string, NodeDocument> = { bus: { kind: "topic", to: names } };
        const faults: FaultDocument[] = [];
        const fails = (node: string, outage: Outage | undefined): void => {
          if (outage !== undefined)
            faults.push({ do: "outage", node, ...outage, at: ms(outage.at), for: ms(outage.for) });
        };
        fails("bus", own);
        for (const [i, { kind, capacity, delay, threads, time, outage }] of targets.entries()) {
          const name = names[i]!;
          nodes[name] =
            kind === "log"
              ? { kind, partitions }
              : {
                  kind,
                  ...(capacity < Number.POSITIVE_INFINITY ? { capacity } : {}),
                  ...(delay > 0 ? { delay: ms(delay) } : {}),
                };
          nodes[`${name}s`] = { kind: "worker", takes: name, threads, work: ms(time) };
          fails(name, outage);
        }
        const steps = ({ about }: { readonly about: number }) =>
          Array.from({ length: about }, () => ({ do: "publish", to: "bus" }) as const);
        const expected = Log.of(
          all,
          "q",
          (log) => {
            const door = new Door(log, own);
            const places = targets.map((target, i) => placeOf(log, names[i]!, target));
            const put = function* (): Process {
              yield* door.enter();
              for (const place of places) log.world.start(place());
            };
            return function* ({ about }) {
              for (let i = 0; i < about; i++) yield* log.through("bus", put());
            };
          },
          untilMs,
        );
        const at = ["q", "bus", ...names, ...names.map((name) => `${name}s`)];
        sameEvents(eventsOf({ ...modelOf(all, steps, nodes), faults }, at, untilMs), expected);
      },
      1000,
    );
  });
});
