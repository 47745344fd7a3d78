import fc from "fast-check";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { MessageQueue, type QueueSettings } from "./message-queue.js";
import { atOnce, Failed, Happening } from "./process.js";
import { apart, fineMs, modelOf, ms, requestsAbout } from "./requests.js";

const untilMs = 200;

interface Target {
  readonly capacity: number;
  readonly delay: number;
  readonly threads: number;
  readonly time: number;
  readonly outage: { readonly at: number; readonly for: number; readonly requests: "hang" | "refuse" } | undefined;
}

/** A queue that may be down: what is put meanwhile waits in front of it, or is refused, and nobody takes. */
class Place {
  #down: Happening | undefined;
  readonly #queue: MessageQueue;
  readonly #refuses: boolean;

  constructor(log: Log, name: string, { capacity, delay, threads, time, outage }: Target) {
    const settings: QueueSettings = {
      capacity,
      delay,
      visibility: Number.POSITIVE_INFINITY,
      backoff: undefined,
      maxReceives: Number.POSITIVE_INFINITY,
    };
    const work = function* () {
      yield time;
    };
    this.#queue = new MessageQueue(log, name, settings, [{ name: `${name}s`, threads, most: 1, wait: 0, work }]);
    this.#refuses = outage?.requests === "refuse";
    if (outage === undefined) return;
    log.world.after(outage.at, () => {
      this.#down = new Happening();
      this.#queue.close();
    });
    log.world.after(outage.at + outage.for, () => {
      const down = this.#down!;
      this.#down = undefined;
      // Whoever waits puts before anyone takes.
      this.#queue.open(() => down.happen());
    });
  }

  put(): void {
    const put = (): void => {
      try {
        this.#queue.put();
      } catch (failed) {
        if (!(failed instanceof Failed)) throw failed;
      }
    };
    if (this.#down === undefined) put();
    else if (!this.#refuses) this.#down.afterwards(put);
  }
}

describe("truth: topics, event by event", () => {
  const any: fc.Arbitrary<Target> = fc.record({
    capacity: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
    delay: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fineMs(0.1, 3) }),
    threads: fc.integer({ min: 1, max: 2 }),
    time: fineMs(0.2, 4),
    outage: fc.option(
      fc.record({
        at: fineMs(0.1, 10),
        for: fineMs(0.1, 8),
        requests: fc.constantFrom("hang" as const, "refuse" as const),
      }),
      { nil: undefined },
    ),
  });
  // Who is first when it is up again, those who wait to put or those who take, is nobody's promise.
  const target = any.map((of) => (of.outage?.requests === "hang" ? { ...of, capacity: Number.POSITIVE_INFINITY } : of));
  const cases = fc.record({
    all: requestsAbout(1, fc.constantFrom(1, 1, 2)).map(apart),
    targets: fc.array(target, { minLength: 1, maxLength: 3 }),
  });

  it("a put is a put into each of its queues: one that is full goes without, for one that is down its copy waits", () => {
    holds(
      cases,
      ({ all, targets }) => {
        const names = ["a", "b", "c"].slice(0, targets.length);
        const nodes: Record<string, NodeDocument> = { bus: { kind: "topic", to: names } };
        const faults: FaultDocument[] = [];
        for (const [i, { capacity, delay, threads, time, outage }] of targets.entries()) {
          const name = names[i]!;
          nodes[name] = {
            kind: "queue",
            ...(capacity < Number.POSITIVE_INFINITY ? { capacity } : {}),
            ...(delay > 0 ? { delay: ms(delay) } : {}),
          };
          nodes[`${name}s`] = { kind: "worker", takes: name, threads, work: ms(time) };
          if (outage !== undefined)
            faults.push({ do: "outage", node: name, ...outage, at: ms(outage.at), for: ms(outage.for) });
        }
        const steps = ({ about }: { readonly about: number }) =>
          Array.from({ length: about }, () => ({ do: "publish", to: "bus" }) as const);
        const model = { ...modelOf(all, steps, nodes), faults };
        const expected = Log.of(
          all,
          "q",
          (log) => {
            const places = targets.map((target, i) => new Place(log, names[i]!, target));
            return function* ({ about }) {
              for (let i = 0; i < about; i++)
                yield* log.through(
                  "bus",
                  atOnce(() => {
                    for (const place of places) place.put();
                  }),
                );
            };
          },
          untilMs,
        );
        const at = ["q", "bus", ...names, ...names.map((name) => `${name}s`)];
        sameEvents(eventsOf(model, at, untilMs), expected);
      },
      1000,
    );
  });
});
