import fc from "fast-check";
import { draw } from "#src/engine/core/draw.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { openDistribution } from "../engine/memory.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, type Process } from "./process.js";
import { fineMs, modelOf, ms } from "./requests.js";
import { Station } from "./station.js";

interface Job {
  readonly every: number;
  readonly offset: number;
  readonly jitter: number;
  readonly overlap: boolean;
  readonly work: number;
  readonly fails: boolean;
  readonly outage: { readonly at: number; readonly for: number; readonly requests: "hang" | "refuse" } | undefined;
}

const untilMs = 60;
const [shards, keys, skew, read] = [3, 7, 0.8, 0.7001953125];

/** Numbers as the engine draws them, which names them. */
function luck(from: Parameters<typeof openDistribution>[0], stream: string): number[] {
  const place = openDistribution(from, `1/0/${stream}`);
  return Array.from({ length: 1000 }, () => draw(place));
}

describe("truth: jobs, event by event", () => {
  const job: fc.Arbitrary<Job> = fc.record({
    every: fineMs(0.5, 6),
    offset: fc.oneof(fc.constant(0), fineMs(0.1, 10)),
    jitter: fc.oneof(fc.constant(0), fineMs(0.1, 8)),
    overlap: fc.boolean(),
    work: fineMs(0.1, 8),
    fails: fc.boolean(),
    outage: fc.option(
      fc.record({
        at: fineMs(0.1, 20),
        for: fineMs(0.1, 20),
        requests: fc.constantFrom("hang" as const, "refuse" as const),
      }),
      { nil: undefined },
    ),
  });

  it("each start at its time, for a key of its own: where one may not overlap the one before, it is left out", () => {
    holds(
      fc.tuple(fc.array(job, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 2 })),
      ([jobs, connections]) => {
        const names = "ab".split("").slice(0, jobs.length);
        const nodes: Record<string, NodeDocument> = {
          items: {
            kind: "database",
            connections,
            read: ms(read),
            write: ms(read),
            shards: { count: shards, by: "range" },
          },
        };
        const faults: FaultDocument[] = [];
        for (const [i, { every, offset, jitter, overlap, work, fails, outage }] of jobs.entries()) {
          const node = names[i]!;
          const steps: StepDocument[] = [
            { do: "wait", time: ms(work) },
            { do: "call", to: "items", op: "read" },
            ...(fails ? [{ do: "fail" } as const] : []),
          ];
          const times = { every: ms(every), offset: ms(offset), jitter: ms(jitter) };
          nodes[node] = { kind: "job", ...times, overlap, keys: { count: keys, skew }, steps };
          if (outage !== undefined)
            faults.push({ do: "outage", node, ...outage, at: ms(outage.at), for: ms(outage.for) });
        }
        const all = [{ name: "r0", at: 1, work: 1, fails: false, about: undefined }];
        const model = { ...modelOf(all, () => [], nodes), faults };
        const expected = Log.of(
          [],
          "q",
          (log) => {
            const { world } = log;
            const stations = Array.from({ length: shards }, () => new Station(world, connections));
            const begin = (name: string, { every, offset, jitter, overlap, work, fails, outage }: Job): void => {
              const threads = overlap ? Number.POSITIVE_INFINITY : 1;
              const self = new Station(world, threads, undefined, overlap ? Number.POSITIVE_INFINITY : 0);
              const own = {
                keys: luck({ kind: "zipf", count: keys, skew }, `${name}/key`),
                later: luck({ kind: "uniform", min: 0, max: jitter }, `${name}/jitter`),
              };
              let refusing = false;
              if (outage !== undefined) {
                world.after(outage.at, () => {
                  self.down++;
                  refusing = outage.requests === "refuse";
                });
                world.after(outage.at + outage.for, () => {
                  refusing = false;
                  self.wake();
                });
              }
              const steps = function* (shard: number): Process {
                if (refusing) throw new Failed();
                yield* self.take();
                yield work;
                yield* log.through(
                  `items.${shard + 1}`,
                  (function* () {
                    yield* stations[shard]!.take();
                    yield read;
                    stations[shard]!.give();
                  })(),
                );
                self.give();
                if (fails) throw new Failed();
              };
              world.start(
                (function* () {
                  for (yield offset; ; yield every) {
                    const shard = Math.floor(((own.keys.shift()! - 1) * shards) / keys);
                    const start = (): unknown => world.start(log.through(name, steps(shard)));
                    if (jitter === 0) start();
                    else world.after(own.later.shift()!, start);
                  }
                })(),
              );
            };
            jobs.forEach((job, i) => {
              begin(names[i]!, job);
            });
            return () => {
              throw new Error("no requests");
            };
          },
          untilMs,
        );
        sameEvents(eventsOf(model, ["items", ...names], untilMs), expected);
      },
      500,
    );
  });
});
