import assert from "node:assert/strict";
import fc from "fast-check";
import { Machine } from "#src/engine/machine.js";
import { meterStride } from "#src/engine/meter-places.js";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";
import { compile } from "#src/simulation/compile.js";
import type { Layout } from "#src/simulation/layout.js";

/** Something that happened: "q.r3 ends" at 12.5 ms. */
export interface Event {
  readonly at: number;
  readonly what: string;
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
  for (let reached = false; ; reached = machine.run(untilMs, 1)) {
    machine.run(machine.now, 1e9);
    for (const [what, read] of counts) {
      const count = read(machine);
      for (let i = before.get(what) ?? 0; i < count; i++) events.push({ at: machine.now, what });
      before.set(what, count);
    }
    if (reached) break;
  }
  return events;
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
