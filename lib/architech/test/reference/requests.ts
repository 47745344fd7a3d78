import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { FlowDocument } from "#src/model/traffic-document.js";
import { Failed, type Process } from "./process.js";

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
