import fc from "fast-check";
import type { NodeDocument } from "#src/model/node-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { atOnce } from "./process.js";
import { apart, fineMs, modelOf, ms, requestsAbout } from "./requests.js";

interface Member {
  readonly name: string;
  readonly time: number;
  free: number;
  /** Partitions of its own, the one that it took from last at the end. */
  own: number[];
}

/** A partitioned log as one group sees it. */
class Group {
  readonly #log: Log;
  readonly #name: string;
  readonly #members: readonly Member[];
  readonly #lines: object[][];
  readonly #busy = new Set<number>();
  readonly #retention: number;

  constructor(log: Log, name: string, partitions: number, retention: number, members: readonly Member[]) {
    [this.#log, this.#name, this.#retention, this.#members] = [log, name, retention, members];
    this.#lines = Array.from({ length: partitions }, () => []);
    for (let partition = 0; partition < partitions; partition++)
      members[partition % members.length]!.own.push(partition);
  }

  append(partition: number): void {
    const message = {};
    const line = this.#lines[partition]!;
    line.push(message);
    this.#log.note(`${this.#name} comes`);
    this.#log.world.after(this.#retention, () => {
      if (!line.includes(message)) return;
      line.splice(line.indexOf(message), 1);
      this.#log.note(`${this.#name} fails`);
    });
    this.#take(this.#members.find(({ own }) => own.includes(partition))!);
  }

  /** Takes one message from the first of the member's partitions that has one, and none under way. */
  #take(member: Member): void {
    const partition = member.own.find((one) => this.#lines[one]!.length > 0 && !this.#busy.has(one));
    if (partition === undefined || member.free === 0) return;
    member.free--;
    member.own = [
      ...member.own.slice(member.own.indexOf(partition) + 1),
      ...member.own.slice(0, member.own.indexOf(partition) + 1),
    ];
    this.#busy.add(partition);
    this.#lines[partition]!.shift();
    this.#log.note(`${this.#name} ends`);
    this.#log.note(`${member.name} comes`);
    this.#log.world.after(member.time, () => {
      this.#log.note(`${member.name} ends`);
      member.free++;
      this.#busy.delete(partition);
      this.#take(member);
    });
  }
}

describe("truth: logs, event by event", () => {
  const worker = fc.record({
    group: fc.constantFrom("one", "two"),
    replicas: fc.integer({ min: 1, max: 3 }),
    threads: fc.integer({ min: 1, max: 2 }),
    time: fineMs(0.2, 4),
  });
  const cases = fc.record({
    all: requestsAbout(1, fc.constantFrom(1, 1, 2)).map(apart),
    partitions: fc.integer({ min: 1, max: 6 }),
    retention: fc.oneof(fc.constant(1e5), fineMs(0.5, 6)),
    workers: fc.array(worker, { minLength: 1, maxLength: 3 }),
  });

  it("each group gets every message, in order within its partition; members take turns of their partitions", () => {
    holds(
      cases,
      ({ all, partitions, retention, workers }) => {
        const nodes: Record<string, NodeDocument> = { events: { kind: "log", partitions, retention: ms(retention) } };
        for (const [i, { time, ...worker }] of workers.entries())
          nodes["abc"[i]!] = { kind: "worker", takes: "events", work: ms(time), ...worker };
        const model = modelOf(
          all,
          ({ about }) => Array.from({ length: about }, () => ({ do: "publish", to: "events" })),
          nodes,
        );
        const expected = Log.of(all, "q", (log) => {
          const groups = [...new Set(workers.map(({ group }) => group))].map((group, g) => {
            const members = workers.flatMap(({ group: own, replicas, threads, time }, i) =>
              Array.from({ length: own === group ? replicas : 0 }, () => ({
                name: "abc"[i]!,
                time,
                free: threads,
                own: [],
              })),
            );
            return new Group(log, g === 0 ? "events" : `events.${g}`, partitions, retention, members);
          });
          let turn = 0;
          return ({ about }) =>
            atOnce(() => {
              for (let i = 0; i < about; i++, turn++) for (const group of groups) group.append(turn % partitions);
            });
        });
        sameEvents(eventsOf(model, ["q", "events", "a", "b", "c"]), expected);
      },
      500,
    );
  });
});
