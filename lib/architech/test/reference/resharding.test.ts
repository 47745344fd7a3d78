import fc from "fast-check";
import { draw } from "#src/engine/core/draw.js";
import type { ShardsDocument } from "#src/model/database-document.js";
import { openDistribution } from "../engine/memory.js";
import { murmur } from "../truth/balance-reference.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, Happening, type Process, type World } from "./process.js";
import { apart, fineMs, modelOf, ms, requestsAbout } from "./requests.js";
import { Station } from "./station.js";

const keys = { count: 20, skew: 0.7 };
const [read, write] = [0.9001953125, 1.3017578125];
const untilMs = 150;

interface Settings {
  readonly by: "hash" | "range";
  readonly count: number;
  readonly to: number;
  /** Slots of each shard at first. */
  readonly each: number;
  readonly at: number;
  readonly copy: number;
  readonly block: number;
  readonly refuses: boolean;
  readonly pause: number;
  readonly connections: number;
  readonly capacity: number;
}

/** A part of the keys: the shard that it is in, and whether its writes are held up. */
interface Slot {
  shard: number;
  held: Happening | undefined;
}

/** A database whose keys move from shard to shard, as the page on data tells it. */
class Database {
  readonly slots: readonly Slot[];
  readonly #log: Log;
  readonly #settings: Settings;
  readonly #stations: readonly Station[];

  constructor(log: Log, settings: Settings) {
    [this.#log, this.#settings] = [log, settings];
    const { by, count, to, each, connections, capacity } = settings;
    this.slots = Array.from({ length: count * each }, (_, i) => ({
      shard: by === "hash" ? i % count : Math.floor(i / each),
      held: undefined,
    }));
    const shards = Array.from({ length: Math.max(count, to) });
    this.#stations = shards.map(() => new Station(log.world, connections, undefined, capacity));
    log.world.start(this.#reshard(log.world));
  }

  *query(key: number, writes: boolean): Process {
    const slot = this.slots[this.#slotOf(key)]!;
    if (writes && slot.held !== undefined) {
      this.#log.note("items comes");
      if (this.#settings.refuses) {
        this.#log.note("items fails");
        throw new Failed();
      }
      yield slot.held;
    }
    yield* this.#work(slot.shard, writes ? write : read);
  }

  #slotOf(key: number): number {
    const { length } = this.slots;
    return this.#settings.by === "hash" ? (murmur(key) >>> 1) % length : Math.floor(((key - 1) * length) / keys.count);
  }

  *#work(shard: number, time: number): Process {
    const station = this.#stations[shard]!;
    const work = function* (): Process {
      yield* station.take();
      yield time;
      station.give();
    };
    yield* this.#log.through(`items.${shard + 1}`, work());
  }

  *#reshard(world: World): Process {
    const { at, copy, block, pause } = this.#settings;
    yield at;
    for (let move = this.#next(); move !== undefined; move = this.#next()) {
      const { slot, to } = move;
      for (;;) {
        const sides = [slot.shard, to].map((shard) => world.start(this.#work(shard, copy)));
        for (const side of sides) if (side.outcome === undefined) yield* ended(side);
        if (sides.every(({ outcome }) => outcome === "well")) break;
        yield copy;
      }
      if (block > 0) {
        slot.held = new Happening();
        yield block;
      }
      const { held } = slot;
      slot.shard = to;
      slot.held = undefined;
      held?.happen();
      if (pause > 0) yield pause;
    }
  }

  /** The last slot of a shard that goes, or of the one with the most, for the one with the fewest. */
  #next(): { readonly slot: Slot; readonly to: number } | undefined {
    const { to: after } = this.#settings;
    const of = (shard: number): Slot[] => this.slots.filter((slot) => slot.shard === shard);
    const sizes = Array.from({ length: after }, (_, shard) => of(shard).length);
    const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
    const leaving = this.#stations.findIndex((_, shard) => shard >= after && of(shard).length > 0);
    if (leaving < 0 && most - least < 2) return undefined;
    return { slot: of(leaving < 0 ? sizes.indexOf(most) : leaving).at(-1)!, to: sizes.indexOf(least) };
  }
}

function* ended(happening: Happening): Process {
  try {
    yield happening;
  } catch (failed) {
    if (!(failed instanceof Failed)) throw failed;
  }
}

describe("truth: resharding, event by event", () => {
  const time = (max: number): fc.Arbitrary<number> => fc.oneof(fc.constant(0), fineMs(0.1, max));
  const cases = fc.record({
    all: requestsAbout(0.7, fc.boolean()).map(apart),
    settings: fc
      .record({
        by: fc.constantFrom("hash" as const, "range" as const),
        count: fc.integer({ min: 1, max: 4 }),
        to: fc.integer({ min: 1, max: 5 }),
        each: fc.integer({ min: 5, max: 7 }),
        at: fineMs(0.1, 8),
        copy: fineMs(0.1, 3),
        block: time(3),
        refuses: fc.boolean(),
        pause: time(1),
        connections: fc.integer({ min: 1, max: 2 }),
        capacity: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
      })
      .map(({ to, ...rest }) => ({ ...rest, to: to === rest.count ? to + 1 : to })),
  });

  it("slots move one after the other: copied at both ends, held up, handed over", () => {
    holds(
      cases,
      ({ all, settings }) => {
        const { by, count, to, each, at, copy, block, refuses, pause, connections, capacity } = settings;
        const shards: ShardsDocument = {
          count,
          by,
          reshard: {
            to,
            at: ms(at),
            slots: count * each,
            copy: ms(copy),
            block: ms(block),
            ...(refuses && block > 0 ? { writes: "refuse" } : {}),
            pause: ms(pause),
          },
        };
        const plain = modelOf(all, ({ about }) => [{ do: "call", to: "items", op: about ? "write" : "read" }], {
          items: {
            kind: "database",
            connections,
            read: ms(read),
            write: ms(write),
            ...(capacity < Number.POSITIVE_INFINITY ? { queue: { capacity } } : {}),
            shards,
          },
        });
        const model = { ...plain, traffic: { ...plain.traffic, keys } };
        const expected = Log.of(
          all,
          "q",
          (log) => {
            const database = new Database(log, settings);
            return function* ({ name, about }) {
              // The engine names the numbers that it draws, so the reference can have the same luck.
              const luck = openDistribution({ kind: "zipf", ...keys }, `1/0/traffic/${name}/key`);
              yield* database.query(draw(luck), about);
            };
          },
          untilMs,
        );
        sameEvents(eventsOf(model, ["q", "items"], untilMs), expected);
      },
      1000,
    );
  });
});
