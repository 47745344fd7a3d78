import fc from "fast-check";
import { draw } from "#src/engine/core/draw.js";
import type { QueueDocument } from "#src/model/messaging-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { openDistribution } from "../engine/memory.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { MessageQueue, type QueueSettings } from "./message-queue.js";
import { atOnce, Failed, type Process } from "./process.js";
import { apart, fineMs, modelOf, ms, type Request, requestsAbout } from "./requests.js";

/** What takes longer than its visibility is delivered for ever. */
const untilMs = 80;
const plain: QueueSettings = {
  capacity: Number.POSITIVE_INFINITY,
  delay: 0,
  visibility: Number.POSITIVE_INFINITY,
  backoff: undefined,
  maxReceives: Number.POSITIVE_INFINITY,
};

interface Worker {
  readonly threads: number;
  readonly time: number;
  readonly fails: number;
  readonly batch: { readonly max: number; readonly wait: number; readonly each: number } | undefined;
}

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });
/** Each puts one message, or a few at the same moment. */
const messages = requestsAbout(1, fc.constantFrom(1, 1, 1, 2, 3)).map(apart);
const worker = (batches: boolean): fc.Arbitrary<Worker> =>
  fc.record({
    threads: fc.integer({ min: 1, max: 2 }),
    time: fineMs(0.2, 3),
    fails: fc.constantFrom(0, 0.3, 0.7),
    batch: batches
      ? maybe(fc.record({ max: fc.integer({ min: 1, max: 4 }), wait: fineMs(0.1, 2), each: fineMs(0.05, 0.5) }))
      : fc.constant(undefined),
  });
const settings: fc.Arbitrary<Partial<QueueSettings>> = fc.record({
  capacity: fc.constantFrom(1, 4, Number.POSITIVE_INFINITY),
  delay: fc.oneof(fc.constant(0), fineMs(0.1, 4)),
  visibility: fineMs(0.5, 5),
  backoff: maybe(fineMs(0.1, 6)),
  maxReceives: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
});

/** Requests that put messages into "jobs", which workers "a" and "b" take; what is dead goes to a grave of two places, dug by "digger". */
function same(all: readonly Request<number>[], workers: readonly Worker[], given: Partial<QueueSettings>): void {
  const kept = { ...plain, ...given };
  const { capacity, delay, visibility, backoff, maxReceives } = kept;
  const finite = <T>(value: number, of: T): T | Record<string, never> => (value < Number.POSITIVE_INFINITY ? of : {});
  const jobs: QueueDocument = {
    kind: "queue",
    ...finite(capacity, { capacity }),
    ...(delay > 0 ? { delay: ms(delay) } : {}),
    ...finite(visibility, { visibility: ms(visibility) }),
    ...(backoff === undefined ? {} : { backoff: ms(backoff) }),
    ...finite(maxReceives, { maxReceives, deadLetter: "grave" }),
  };
  const nodes: Record<string, NodeDocument> = {
    jobs,
    grave: { kind: "queue", capacity: 2 },
    digger: { kind: "worker", takes: "grave", work: "2.7001953125ms" },
  };
  for (const [i, { threads, time, fails, batch }] of workers.entries()) {
    const work: StepDocument[] = [
      { do: "wait", time: ms(time) },
      { do: "fail", probability: fails },
    ];
    const { max, wait, each } = batch ?? { max: 1, wait: 0, each: 0 };
    nodes["ab"[i]!] = {
      kind: "worker",
      takes: "jobs",
      threads,
      work,
      ...(batch === undefined ? {} : { batch: { max, wait: ms(wait), each: ms(each) } }),
    };
  }
  const model = modelOf(
    all,
    ({ about }) => Array.from({ length: about }, () => ({ do: "publish", to: "jobs" })),
    nodes,
  );
  const expected = Log.of(
    all,
    "q",
    (log) => {
      const dig = { name: "digger", threads: 1, most: 1, wait: 0 };
      const grave = new MessageQueue(log, "grave", { ...plain, capacity: 2 }, [
        {
          ...dig,
          work: function* () {
            yield 2.7001953125;
          },
        },
      ]);
      const queue = new MessageQueue(
        log,
        "jobs",
        kept,
        workers.map(({ threads, time, fails, batch }, i) => {
          // The engine names the numbers that it draws, so the reference can have the same luck.
          const chances = openDistribution({ kind: "uniform", min: 0, max: 1 }, `1/0/${"ab"[i]}/work/1`);
          const luck = Array.from({ length: 1000 }, () => draw(chances));
          const { max, wait, each } = batch ?? { max: 1, wait: 0, each: 0 };
          const work = function* (messages: number): Process {
            yield time;
            if (luck.shift()! < fails) throw new Failed();
            for (let one = 0; one < messages; one++) if (each > 0) yield each;
          };
          return { name: "ab"[i]!, threads, most: max, wait, work };
        }),
        grave,
      );
      return ({ about }) =>
        atOnce(() => {
          for (let i = 0; i < about; i++) queue.put();
        });
    },
    untilMs,
  );
  sameEvents(eventsOf(model, ["q", "jobs", "a", "b", "grave", "digger"], untilMs), expected);
}

describe("truth: messaging, event by event", () => {
  const one = fc.array(worker(false), { minLength: 1, maxLength: 2 });
  const batches = fc.array(worker(true), { minLength: 1, maxLength: 2 });

  it("a plain queue and its workers", () => {
    holds(fc.tuple(messages, one, fc.constantFrom(1, 4, Number.POSITIVE_INFINITY)), ([all, workers, capacity]) =>
      same(all, workers, { capacity }),
    );
  });

  it("redelivery, its backoff, dead letters and delays", () => {
    holds(fc.tuple(messages, one, settings), ([all, workers, settings]) => same(all, workers, settings), 1000);
  });

  it("batches", () => {
    holds(fc.tuple(messages, batches), ([all, workers]) => same(all, workers, {}));
  });

  it("batches that are delivered again", () => {
    holds(fc.tuple(messages, batches, settings), ([all, workers, settings]) => same(all, workers, settings), 1000);
  });
});
