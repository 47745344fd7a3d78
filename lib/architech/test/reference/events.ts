import assert from "node:assert/strict";
import fc from "fast-check";
import { Machine } from "#src/engine/machine.js";
import { meterStride } from "#src/engine/program.js";
import type { FlowDocument, ModelDocument, NodeDocument, StepDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";
import { compile } from "#src/simulation/compile.js";
import type { Layout } from "#src/simulation/layout.js";
import { Failed, type Process, World } from "./process.js";

/** Something that happened: "q.r3 ends" at 12.5 ms. */
export interface Event {
  readonly at: number;
  readonly what: string;
}

/** A request: when it comes, and what it is about. */
export interface Request<About = unknown> {
  /** "r0", "r1", … */
  readonly name: string;
  readonly at: number;
  /** How long it works. */
  readonly work: number;
  /** Whether its work ends well. */
  readonly fails: boolean;
  /** Whatever else a test wants to know of it. */
  readonly about: About;
}

const fine = 2 ** 20;
/**
 * Times so fine that no two of them ever fall together by chance, and such that sums of them are exact: what comes
 * first of two things at the same moment is nobody's promise. So they do not shrink either.
 */
export const fineMs = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noShrink(fc.integer({ min: Math.ceil(min * fine), max: Math.floor(max * fine) })).map((n) => n / fine);

/** Requests that come one after the other, `gap` ms apart on average; some at once. */
export const requests = (gap: number): fc.Arbitrary<readonly Request[]> => requestsAbout(gap, fc.constant(undefined));

/** The same, each about something. */
export const requestsAbout = <About>(
  gap: number,
  about: fc.Arbitrary<About>,
): fc.Arbitrary<readonly Request<About>[]> =>
  fc
    .array(
      fc.record({
        gap: fc.oneof({ weight: 9, arbitrary: fineMs(0.01, 2 * gap) }, { weight: 1, arbitrary: fc.constant(0) }),
        work: fineMs(0.1, 4),
        fails: fc.nat({ max: 3 }).map((n) => n === 3),
        about,
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((all) => {
      let at = 0;
      return all.map(({ gap, ...request }, i) => ({ name: `r${i}`, at: (at += gap), ...request }));
    });

/** No two of them at once. */
export const apart = <Of extends Request>(all: readonly Of[]): readonly Of[] =>
  all.map((request, i) => ({ ...request, at: request.at + i / 2 ** 30 }));

/** Traffic of one operation for each request, at its time. */
export const traced = (all: readonly Request[], to = "q"): FlowDocument => ({
  to,
  rate: { unit: "ms", times: all.map(({ at }) => at), ops: all.map(({ name }) => name) },
  mix: Object.fromEntries(all.map(({ name }) => [name, 1])),
});

export const ms = (time: number): string => `${time}ms`;

/** Operations by request. */
export const opsOf = <Of extends Request>(
  all: readonly Of[],
  stepsOf: (request: Of) => readonly StepDocument[],
): Readonly<Record<string, readonly StepDocument[]>> =>
  Object.fromEntries(all.map((request) => [request.name, stepsOf(request)]));

/** Traffic to a service "q" without limits, which does this for each request. */
export const modelOf = <Of extends Request>(
  all: readonly Of[],
  stepsOf: (request: Of) => readonly StepDocument[],
  nodes: Readonly<Record<string, NodeDocument>>,
): ModelDocument => ({
  architech: 1,
  nodes: { q: { kind: "service", ops: opsOf(all, stepsOf) }, ...nodes },
  traffic: traced(all),
});

/** Works for its time, and fails then if it does. */
export const working = ({ work, fails }: Request): StepDocument[] => [
  { do: "wait", time: ms(work) },
  ...(fails ? [{ do: "fail" } as const] : []),
];

/** The same in a reference. */
export function* works({ work, fails }: Request): Process {
  yield work;
  if (fails) throw new Failed();
}

/** What a machine counts, by what the count is of. */
function countsOf(layout: Layout, at: readonly string[]): Map<string, (machine: Machine) => number> {
  const counts = new Map<string, (machine: Machine) => number>();
  const meter = (name: string, number: number): void => {
    for (const [field, what] of ["comes", "ends", "fails"].entries())
      counts.set(`${name} ${what}`, ({ meters }) => meters[number * meterStride + field]!);
  };
  for (const { name, meters, ops, channel } of layout.nodes.filter(({ name }) => at.includes(name))) {
    if (ops.size === 0) for (const [i, number] of meters.entries()) meter(i === 0 ? name : `${name}.${i}`, number);
    for (const [op, [number]] of ops) meter(`${name}.${op}`, number!);
    for (const what of ["redelivered", "duplicates", "dead"] as const)
      if (channel !== undefined) counts.set(`${name} ${what}`, ({ counters }) => counters[channel[what]]!);
  }
  return counts;
}

/** All that happens at these nodes: read out of the engine's counts moment by moment. */
export function eventsOf(model: ModelDocument, at: readonly string[], untilMs = 1e6): Event[] {
  const { program, layout } = compile(validate(model));
  const machine = new Machine(program, "1/0", 1e6);
  const counts = countsOf(layout, at);
  const before = new Map<string, number>();
  const events: Event[] = [];
  for (let reached = false; !reached; ) {
    reached = machine.run(untilMs, 1);
    machine.run(machine.now, 1e9);
    for (const [what, read] of counts) {
      const count = read(machine);
      for (let i = before.get(what) ?? 0; i < count; i++) events.push({ at: machine.now, what });
      before.set(what, count);
    }
  }
  return events;
}

/** Writes down what happens in a reference. */
export class Log {
  readonly events: Event[] = [];
  readonly world: World = new World();

  note(what: string): void {
    this.events.push({ at: this.world.now, what });
  }

  /** Goes through steps in the name of a node, and notes how they begin and end. */
  *through(name: string, steps: Process): Process {
    this.note(`${name} comes`);
    try {
      yield* steps;
      this.note(`${name} ends`);
    } catch (failed) {
      this.note(`${name} fails`);
      throw failed;
    }
  }

  /** What happens when each of the requests goes through such steps in the name of a node. */
  static of<Of extends Request>(
    all: readonly Of[],
    at: string,
    stepsOf: (log: Log) => (request: Of) => Process,
    untilMs?: number,
  ): Event[] {
    const log = new Log();
    const steps = stepsOf(log);
    log.world.start(
      (function* () {
        for (const request of all) {
          yield request.at - log.world.now;
          log.world.start(log.through(`${at}.${request.name}`, steps(request)));
        }
      })(),
    );
    log.world.run(untilMs);
    return log.events;
  }
}

/** The two agree in what happened and when: to the last event, and to a billionth of a millisecond. */
export function sameEvents(found: readonly Event[], expected: readonly Event[]): void {
  const sorted = (events: readonly Event[]): Event[] =>
    events.toSorted((a, b) => a.at - b.at || (a.what < b.what ? -1 : Number(a.what > b.what)));
  const [ours, theirs] = [sorted(found), sorted(expected)];
  const differs = (event: Event | undefined, i: number): boolean => {
    const other = ours[i];
    if (event === undefined || other === undefined) return true;
    return event.what !== other.what || Math.abs(event.at - other.at) > 1e-9 * Math.max(1, event.at);
  };
  const place = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => theirs[i]).findIndex(differs);
  const shown = (event: Event | undefined): string =>
    event === undefined ? "nothing more" : `${event.at} ${event.what}`;
  if (place >= 0)
    assert.fail(`event ${place}: the engine has "${shown(ours[place])}", the reference "${shown(theirs[place])}"`);
}

/** Holds many cases against the reference. */
export function holds<Case>(cases: fc.Arbitrary<Case>, check: (of: Case) => void, numRuns = 300): void {
  fc.assert(
    fc.property(cases, (of) => check(of)),
    { seed: 11, numRuns },
  );
}
