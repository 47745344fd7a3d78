import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import type { LineDocument } from "#src/model/line-document.js";
import type { ClassDocument } from "#src/model/traffic-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import type { Process } from "./process.js";
import {
  apart,
  fineMs,
  modelOf,
  ms,
  opsOf,
  type Request,
  requests,
  requestsAbout,
  traced,
  working,
  works,
} from "./requests.js";
import { adaptiveLifo, CoDelStation, fifo, lifo, type Order, ranked, Station } from "./station.js";

/** Works with a server of the station in hand. */
function* served(station: Station, request: Request, rank = 0, maxWait?: number): Process {
  yield* station.take(request, rank, maxWait);
  try {
    yield* works(request);
  } finally {
    station.give();
  }
}

type Reference<Of extends Request = Request> = (log: Log) => (request: Of) => Process;

const threads = fc.integer({ min: 1, max: 3 });
const switchAt = fc.integer({ min: 0, max: 4 });
const cases = fc.tuple(requests(1), threads);

/** A service whose threads are waited for, and a semaphore whose permits are: the line is the same. */
function same(
  all: readonly Request[],
  threads: number,
  queue: LineDocument,
  reference: Reference,
  guards = true,
): void {
  const expected = Log.of(all, "q", reference);
  const service: ModelDocument = {
    architech: 1,
    nodes: { q: { kind: "service", threads, queue, ops: opsOf(all, working) } },
    traffic: traced(all),
  };
  sameEvents(eventsOf(service, ["q"]), expected);
  if (!guards) return;
  const guarded = modelOf(all, (request) => [{ do: "guard", by: "slots", steps: working(request) }], {
    slots: { kind: "semaphore", permits: threads, queue },
  });
  sameEvents(eventsOf(guarded, ["q"]), expected);
}

describe("truth: lines, event by event", () => {
  const by =
    (threads: number, order: Order, capacity?: number, maxWait?: number): Reference =>
    ({ world }) => {
      const station = new Station(world, threads, order, capacity);
      return (request) => served(station, request, request.work, maxWait);
    };

  it("first come, first served, with so much room", () => {
    holds(fc.tuple(cases, fc.integer({ min: 0, max: 5 })), ([[all, threads], capacity]) =>
      same(all, threads, { capacity }, by(threads, fifo, capacity)),
    );
  });

  it("last come, first served", () => {
    holds(cases, ([all, threads]) => same(all, threads, { order: "lifo" }, by(threads, lifo)));
  });

  it("adaptive LIFO", () => {
    holds(fc.tuple(cases, switchAt), ([[all, threads], switchAt]) =>
      same(all, threads, { order: "adaptive-lifo", switchAt }, by(threads, adaptiveLifo(switchAt))),
    );
  });

  it("the shortest first", () => {
    holds(cases, ([all, threads]) => same(all, threads, { order: "sjf" }, by(threads, ranked), false));
  });

  it("a bounded patience, in each order that knows it", () => {
    holds(fc.tuple(cases, switchAt, fineMs(0.5, 6)), ([[all, threads], switchAt, maxWait]) => {
      const patience = { maxWait: ms(maxWait) };
      same(all, threads, patience, by(threads, fifo, undefined, maxWait));
      same(all, threads, { order: "lifo", ...patience }, by(threads, lifo, undefined, maxWait));
      const queue = { order: "adaptive-lifo", switchAt, capacity: 4, ...patience } as const;
      same(all, threads, queue, by(threads, adaptiveLifo(switchAt), 4, maxWait));
    });
  });

  it("CoDel, by both orders, and beside a bounded patience", () => {
    const codel = fc.record({ target: fineMs(0.1, 2), interval: fineMs(0.5, 6) });
    holds(
      fc.tuple(cases, switchAt, codel, fineMs(1, 8)),
      ([[all, threads], switchAt, { target, interval }, maxWait]) => {
        const dropping =
          (order: Order, maxWait?: number): Reference =>
          ({ world }) => {
            const station = new CoDelStation(world, threads, order, target, interval);
            return (request) => served(station, request, 0, maxWait);
          };
        const line = { codel: { target: ms(target), interval: ms(interval) } };
        same(all, threads, line, dropping(fifo));
        const adaptive = { order: "adaptive-lifo", switchAt } as const;
        same(all, threads, { ...line, ...adaptive }, dropping(adaptiveLifo(switchAt)));
        const patience = { maxWait: ms(maxWait) };
        same(all, threads, { ...line, ...adaptive, ...patience }, dropping(adaptiveLifo(switchAt), maxWait));
      },
    );
  });

  it("the earliest deadline first", () => {
    holds(fc.tuple(requestsAbout(1, fineMs(1, 20)), threads), ([all, threads]) => {
      const model = modelOf(
        all,
        ({ name, about: after }) => [
          { do: "timeout", after: ms(after), steps: [{ do: "call", to: "line", op: name }] },
        ],
        { line: { kind: "service", threads, queue: { order: "edf" }, ops: opsOf(all, working) } },
      );
      const expected = Log.of(all, "q", (log) => {
        const station = new Station(log.world, threads, ranked);
        return function* (request) {
          const due = log.world.now + request.about;
          const call = log.world.start(log.through(`line.${request.name}`, served(station, request, due)));
          log.world.after(request.about, () => call.happen("failed"));
          yield call;
        };
      });
      sameEvents(eventsOf(model, ["q", "line"]), expected);
    });
  });
});

describe("truth: lines of classes, event by event", () => {
  const names = ["gold", "silver", "free"] as const;
  interface Classed {
    /** Each about its class. */
    readonly all: readonly Request<(typeof names)[number]>[];
    readonly threads: number;
    readonly priority: Readonly<Record<string, number>>;
    readonly weight: Readonly<Record<string, number>>;
  }
  const three = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<string, T>>> =>
    fc.tuple(of, of, of).map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]!])));
  const classed: fc.Arbitrary<Classed> = fc.record({
    // Who of two classes is first at the same moment is nobody's promise.
    all: requestsAbout(1, fc.constantFrom(...names)).map(apart),
    threads,
    priority: three(fc.integer({ min: 0, max: 2 })),
    // So that sums of shares are exact.
    weight: three(fc.constantFrom(0.25, 0.5, 1, 2)),
  });

  const same = (
    { all, threads, priority, weight }: Classed,
    order: "priority" | "fair",
    reference: Reference<Classed["all"][number]>,
  ) => {
    const classes: Record<string, ClassDocument> = {};
    for (const name of names) {
      const own = all.filter(({ about }) => about === name);
      if (own.length > 0) classes[name] = { ...traced(own), priority: priority[name]!, weight: weight[name]! };
    }
    const found = eventsOf(
      {
        architech: 1,
        nodes: { q: { kind: "service", threads, queue: { order }, ops: opsOf(all, working) } },
        traffic: { classes },
      },
      ["q"],
    );
    sameEvents(found, Log.of(all, "q", reference));
  };

  it("by priority", () => {
    holds(classed, (classed) =>
      same(classed, "priority", ({ world }) => {
        const station = new Station(world, classed.threads, ranked);
        return (request) => served(station, request, -classed.priority[request.about]!);
      }),
    );
  });

  it("self-clocked fair queueing, every request tagged, waiting or not", () => {
    holds(classed, (classed) =>
      same(classed, "fair", ({ world }) => {
        // Golestani (1994): F = 1/weight + max(F of the class, v), v being the tag of who was served last.
        let v = 0;
        const finish = new Map<string, number>();
        class Fair extends Station {
          protected override served(tag: number): void {
            v = tag;
          }
        }
        const station = new Fair(world, classed.threads, ranked);
        return function* (request) {
          const name = request.about;
          const tag = 1 / classed.weight[name]! + Math.max(finish.get(name) ?? 0, v);
          finish.set(name, tag);
          yield* served(station, request, tag);
        };
      }),
    );
  });
});
