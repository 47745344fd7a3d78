import fc from "fast-check";
import { draw } from "#src/engine/core/draw.js";
import type { BalanceDocument } from "#src/model/balance-document.js";
import { openDistribution } from "../engine/memory.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { opsOf, type Request, requests, traced, working, works } from "./requests.js";
import { Station } from "./station.js";

/** Who is next to have one: the place of a replica. `draw` gives numbers from 0 to 1. */
type Choice = (replicas: readonly Station[], draw: () => number) => number;

const roundRobin = (): Choice => {
  let turn = 0;
  return (replicas) => turn++ % replicas.length;
};
const random = (): Choice => (replicas, draw) => Math.floor(draw() * replicas.length);
const inside = ({ free, line }: Station): number => line.length - free;
/** Ties go round: of the least busy the first one behind the one chosen last. */
const leastConnections = (): Choice => {
  let turn = 0;
  return (replicas) => {
    const least = Math.min(...replicas.map(inside));
    const order = replicas.map((_, i) => (turn + i) % replicas.length);
    const chosen = order.find((i) => inside(replicas[i]!) === least)!;
    turn = chosen + 1;
    return chosen;
  };
};
const choices = (d: number) => (): Choice => (replicas, draw) => {
  const left = replicas.map((_, i) => i);
  const drawn = Array.from({ length: d }, () => left.splice(Math.floor(draw() * left.length), 1)[0]!);
  const least = Math.min(...drawn.map((i) => inside(replicas[i]!)));
  return drawn.find((i) => inside(replicas[i]!) === least)!;
};

describe("truth: balance, event by event", () => {
  const cases = fc.tuple(requests(0.7), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 }));

  const same = (
    [all, replicas, threads]: readonly [readonly Request[], number, number],
    balance: BalanceDocument,
    choice: () => Choice,
  ): void => {
    const q = { kind: "service", replicas, threads, balance, ops: opsOf(all, working) } as const;
    const expected = Log.of(all, "q", ({ world }) => {
      const stations = Array.from({ length: replicas }, () => new Station(world, threads));
      const choose = choice();
      return function* (request) {
        // The engine names the numbers that it draws, so the reference can have the same luck.
        const luck = openDistribution({ kind: "uniform", min: 0, max: 1 }, `1/0/q/${request.name}/balance`);
        const station = stations[choose(stations, () => draw(luck))]!;
        yield* station.take(request);
        try {
          yield* works(request);
        } finally {
          station.give();
        }
      };
    });
    sameEvents(eventsOf({ architech: 1, nodes: { q }, traffic: traced(all) }, ["q"]), expected);
  };

  it("round robin", () => {
    holds(cases, (of) => same(of, "round-robin", roundRobin));
  });

  it("random", () => {
    holds(cases, (of) => same(of, "random", random));
  });

  it("least connections", () => {
    holds(cases, (of) => same(of, "least-connections", leastConnections));
  });

  it("the least busy of d drawn", () => {
    holds(fc.tuple(cases, fc.integer({ min: 1, max: 4 })), ([of, d]) => {
      const drawn = Math.min(d, of[1]);
      same(of, { choices: drawn }, choices(drawn));
    });
  });
});
