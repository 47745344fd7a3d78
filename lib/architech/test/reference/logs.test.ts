import fc from "fast-check";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import { ConsumerGroup, member } from "./consumer-group.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, Happening, type Process } from "./process.js";
import { apart, fineMs, modelOf, ms, type Request, requestsAbout } from "./requests.js";

interface Worker {
  readonly group: string;
  readonly replicas: number;
  readonly threads: number;
  readonly time: number;
}

interface Trouble {
  readonly do: "outage" | "pause";
  readonly node: string;
  readonly at: number;
  readonly for: number;
  readonly requests: "hang" | "refuse";
}

interface Case {
  readonly all: readonly Request<number>[];
  readonly partitions: number;
  readonly retention: number;
  readonly rebalance: number;
  readonly workers: readonly Worker[];
  readonly troubles: readonly Trouble[];
}

const untilMs = 300;

function same({ all, partitions, retention, rebalance, workers, troubles }: Case): void {
  const names = "abc".split("").slice(0, workers.length);
  const nodes: Record<string, NodeDocument> = { events: { kind: "log", partitions, retention: ms(retention) } };
  for (const [i, { time, ...worker }] of workers.entries())
    nodes[names[i]!] = { kind: "worker", takes: "events", work: ms(time), rebalance: ms(rebalance), ...worker };
  const happening = troubles.filter(({ do: what, node }) => node in nodes && (what === "outage" || node !== "events"));
  const faults = happening.map(({ requests, ...fault }) => ({
    ...fault,
    ...(fault.do === "outage" ? { requests } : {}),
    at: ms(fault.at),
    for: ms(fault.for),
  })) as FaultDocument[];
  const steps = ({ about }: { readonly about: number }) =>
    Array.from({ length: about }, () => ({ do: "publish", to: "events" }) as const);
  const expected = Log.of(
    all,
    "q",
    (log) => {
      const groups = [...new Set(workers.map(({ group }) => group))].map((group, g) => {
        const members = workers.flatMap(({ group: own, replicas, threads, time }, i) =>
          Array.from({ length: own === group ? replicas : 0 }, () => member(log, names[i]!, threads, time)),
        );
        const settings = { partitions, retention, rebalance };
        return new ConsumerGroup(log, g === 0 ? "events" : `events.${g}`, settings, members);
      });
      const closed: Happening[] = [];
      let refusing = 0;
      const happen = ({ do: what, node, requests }: Trouble, begins: boolean): void => {
        if (node === "events" && requests === "refuse") refusing += begins ? 1 : -1;
        if (node === "events" && begins) closed.push(new Happening());
        if (node === "events" && !begins) closed.shift()!.happen();
        for (const group of groups)
          if (node === "events") group.close(begins);
          else if (what === "outage") group.change(node, begins);
          else group.still(node, begins);
      };
      for (const trouble of happening) {
        log.world.after(trouble.at, () => happen(trouble, true));
        log.world.after(trouble.at + trouble.for, () => happen(trouble, false));
      }
      let turn = 0;
      return function* ({ about }): Process {
        for (let i = 0; i < about; i++) {
          if (refusing > 0) throw new Failed();
          while (closed.length > 0) yield closed.at(-1)!;
          for (const group of groups) group.append(turn % partitions);
          turn++;
        }
      };
    },
    untilMs,
  );
  sameEvents(eventsOf({ ...modelOf(all, steps, nodes), faults }, ["q", "events", ...names], untilMs), expected);
}

describe("truth: logs, event by event", () => {
  const worker = fc.record({
    group: fc.constantFrom("one", "two"),
    replicas: fc.integer({ min: 1, max: 3 }),
    threads: fc.integer({ min: 1, max: 2 }),
    time: fineMs(0.2, 4),
  });
  const workers = fc.array(worker, { minLength: 1, maxLength: 3 });
  const troubles = fc.array(
    fc.record({
      do: fc.constantFrom("outage" as const, "outage" as const, "pause" as const),
      node: fc.constantFrom("a", "a", "b", "c", "events"),
      at: fineMs(0.1, 15),
      for: fineMs(0.1, 8),
      requests: fc.constantFrom("hang" as const, "refuse" as const),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const cases = {
    all: requestsAbout(1, fc.constantFrom(1, 1, 2)).map(apart),
    partitions: fc.integer({ min: 1, max: 6 }),
    retention: fc.oneof(fc.constant(1e5), fineMs(0.5, 6)),
    workers,
  };

  it("each group gets every message, in order within its partition; members take turns of their partitions", () => {
    holds(fc.record({ ...cases, rebalance: fc.constant(0), troubles: fc.constant([]) }), same, 500);
  });

  it("a group pauses when members go and come, and deals its partitions out anew; who stands still keeps its own", () => {
    const rebalance = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fineMs(0.1, 5) });
    holds(fc.record({ ...cases, rebalance, troubles }), same, 1000);
  });
});
