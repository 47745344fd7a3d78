import fc from "fast-check";
import type { Scheduling } from "#src/model/service-document.js";
import type { ClassDocument } from "#src/model/traffic-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Happening, type Process, type World } from "./process.js";
import { apart, ms, opsOf, type Request, requestsAbout, traced } from "./requests.js";
import { Station } from "./station.js";

interface Job {
  left: number;
  readonly priority: number;
  readonly done: Happening;
}

/** How fast each of the jobs goes, in the order in which they came. */
type Speeds = (jobs: readonly Job[], cores: number) => readonly number[];

const evenly: Speeds = (jobs, cores) => jobs.map(() => Math.min(1, cores / jobs.length));
/** So many have a core each: those that come first by this, and of equals those that came first. */
const firstBy =
  (before: (a: Job, b: Job) => number): Speeds =>
  (jobs, cores) => {
    const first = new Set(jobs.toSorted(before).slice(0, cores));
    return jobs.map((job) => (first.has(job) ? 1 : 0));
  };

/** Cores that jobs flow through, like water: whenever one comes or is done, all speeds change. */
class Fluid {
  readonly #world: World;
  readonly #cores: number;
  readonly #speeds: Speeds;
  #jobs: Job[] = [];
  #looked = 0;
  #change = 0;

  constructor(world: World, cores: number, speeds: Speeds) {
    [this.#world, this.#cores, this.#speeds] = [world, cores, speeds];
  }

  *use(work: number, priority: number): Process {
    this.#flow();
    const job = { left: work, priority, done: new Happening() };
    this.#jobs.push(job);
    this.#plan();
    yield job.done;
  }

  #flow(): void {
    const speeds = this.#speeds(this.#jobs, this.#cores);
    for (const [i, job] of this.#jobs.entries()) job.left -= (this.#world.now - this.#looked) * speeds[i]!;
    this.#looked = this.#world.now;
  }

  #plan(): void {
    const change = ++this.#change;
    const speeds = this.#speeds(this.#jobs, this.#cores);
    const times = this.#jobs.map(({ left }, i) => (speeds[i]! > 0 ? left / speeds[i]! : Number.POSITIVE_INFINITY));
    const next = Math.min(...times);
    if (this.#jobs.length === 0) return;
    this.#world.after(Math.max(0, next), () => {
      if (change !== this.#change) return;
      this.#flow();
      const done = this.#jobs.filter((_, i) => times[i]! <= next + 1e-9);
      this.#jobs = this.#jobs.filter((job) => !done.includes(job));
      for (const job of done) job.done.happen();
      this.#plan();
    });
  }
}

describe("truth: shared cores, event by event", () => {
  const cores = fc.integer({ min: 1, max: 3 });
  // Each is about its priority. Who of two classes is first at the same moment is nobody's promise.
  const cases = fc.tuple(requestsAbout(1, fc.integer({ min: 0, max: 2 })).map(apart), cores);

  const same = (
    [all, cores]: readonly [readonly Request<number>[], number],
    scheduling: Scheduling,
    reference: (log: Log, cores: number) => (work: number, priority: number) => Process,
  ): void => {
    const classes: Record<string, ClassDocument> = {};
    for (const priority of new Set(all.map(({ about }) => about)))
      classes[`c${priority}`] = { ...traced(all.filter(({ about }) => about === priority)), priority };
    const q = {
      kind: "service",
      cores,
      scheduling,
      // A second step shows that who is done gives its core back at once.
      ops: opsOf(all, ({ work }) => [
        { do: "cpu", time: ms(work) },
        { do: "cpu", time: ms(work / 2) },
      ]),
    } as const;
    const expected = Log.of(all, "q", (log) => {
      const use = reference(log, cores);
      return function* (request) {
        yield* use(request.work, request.about);
        yield* use(request.work / 2, request.about);
      };
    });
    sameEvents(eventsOf({ architech: 1, nodes: { q }, traffic: { classes } }, ["q"]), expected);
  };
  const fluid =
    (speeds: Speeds) =>
    ({ world }: Log, cores: number) => {
      const all = new Fluid(world, cores, speeds);
      return (work: number, priority: number) => all.use(work, priority);
    };

  it("first come, first served", () => {
    holds(cases, (of) =>
      same(of, "fifo", ({ world }, cores) => {
        const station = new Station(world, cores);
        return function* (work) {
          yield* station.take();
          yield work;
          station.give();
        };
      }),
    );
  });

  it("processor sharing", () => {
    holds(cases, (of) => same(of, "ps", fluid(evenly)));
  });

  it("the shortest remaining first", () => {
    holds(cases, (of) => same(of, "srpt", fluid(firstBy((a, b) => a.left - b.left))));
  });

  it("by priority, the higher interrupts and the work goes on later", () => {
    holds(cases, (of) => same(of, "priority", fluid(firstBy((a, b) => b.priority - a.priority))));
  });
});
