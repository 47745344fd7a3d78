import { ArchitechError } from "@architech/protocol";
import { uniform } from "../engine/distribution.js";
import type { Answer, Host, Question } from "../engine/host.js";
import { OutsideDraws } from "../engine/outside-draws.js";
import { place } from "../model/check.js";
import { type CustomCode, codeOf, type Ending } from "../model/custom.js";
import { customSteps, missing } from "../model/custom-steps.js";
import type { ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import type { Path } from "../model/shape.js";
import { quoted } from "../units/amount.js";
import type { CompiledCustom } from "./compile-custom.js";
import { Request, type RequestClass, type Told } from "./custom-request.js";
import { CustomTimes } from "./custom-times.js";

/** A custom step at work for one request. */
interface Working {
  readonly steps: Iterator<unknown, unknown, Ending>;
  /** Nobody waits for it any more, and its `finally` runs. */
  closing: boolean;
}

type Named = Pick<Place, "step" | "at">;
type Asking = Pick<Question, "kind" | "key" | "deadline">;

/** One of the places where a function decides. */
interface Place extends CompiledCustom, Told {
  readonly at: Path;
  readonly code: CustomCode;
  /** For times that are yielded; what the function itself draws is another stream, so that to draw more leaves these alone. */
  readonly waits: OutsideDraws;
}

/** Lets the functions of custom steps decide, in one replication: asked by the machine, frame by frame. */
export class Customs implements Host {
  /** What has ended the run, where a function did. */
  failure: ArchitechError | undefined;
  readonly #places: readonly Place[];
  readonly #classes: readonly RequestClass[];
  readonly #times = new CustomTimes();
  /** By number; what is free is undefined and listed beside. */
  readonly #working: (Working | undefined)[] = [undefined];
  readonly #free: number[] = [];

  /** `key` names the random streams, `now` says the simulated time. Throws `custom-missing`. */
  constructor(customs: readonly CompiledCustom[], model: ModelDocument, key: string, now: () => number) {
    this.#classes = flowsOf(model.traffic).map(({ name, flow }) => ({ name, priority: flow.priority ?? 0 }));
    const paths = new Map(customSteps(model).map(({ step, path }) => [step, path]));
    const states = new Map<string, Map<unknown, unknown>>();
    this.#places = customs.map((custom) => {
      const at = paths.get(custom.step)!;
      const code = codeOf(custom.step);
      if (code === undefined) throw missing(custom.step, at);
      const known = states.get(custom.node) ?? new Map<unknown, unknown>();
      states.set(custom.node, known);
      if (!known.has(code.state)) known.set(code.state, this.#made({ ...custom, at }, code.state));
      const draws = new OutsideDraws(`${key}/${custom.path}/draws`);
      return {
        ...custom,
        ...{ at, code, now },
        state: known.get(code.state),
        waits: new OutsideDraws(`${key}/${custom.path}/waits`),
        random: () => draws.draw(uniform),
        draw: (time) => draws.draw(this.#times.read(time, "draw")),
      };
    });
  }

  answer(question: Question): Answer | undefined {
    const place = this.#places[question.number]!;
    try {
      return this.#answer(place, question);
    } catch (cause) {
      this.failure ??= cause instanceof ArchitechError && cause.code === "custom-failed" ? cause : failed(place, cause);
      return undefined;
    }
  }

  #answer(custom: Place, { moment, note, ...asking }: Question): Answer {
    const number = moment === 0 ? this.#begin(custom, asking) : note;
    const working = this.#working[number]!;
    const ending: Ending = moment === 1 ? "ok" : "failed";
    const begins = moment === 3 && !working.closing;
    if (begins) working.closing = true;
    const { done, value } = begins
      ? (working.steps.return?.() ?? { done: true, value: undefined })
      : working.steps.next(ending);
    if (done === true) {
      this.#working[number] = undefined;
      this.#free.push(number);
      if (value !== undefined && value !== "ok" && value !== "failed")
        throw wrong(custom, `returns ${quoted(value)}: it may return nothing, "ok" or "failed"`);
      if (working.closing) return goTo(custom.gone.at, 0);
      return goTo(value === "failed" ? custom.failed.at : custom.over.at, 0);
    }
    // Nothing is started any more once nobody waits for it: what a `finally` yields has failed already.
    if (working.closing) return goTo(custom.closing.at, number);
    const list = typeof value === "string" ? custom.lists.get(value) : undefined;
    if (list !== undefined) return goTo(list.at, number);
    return { pc: custom.wait.at, note: number, drawn: this.#length(custom, value) };
  }

  #begin(custom: Place, { kind, key, deadline }: Asking): number {
    const steps: unknown = custom.code.run(new Request(custom, this.#classes[kind]!, key, deadline));
    if (typeof steps !== "object" || steps === null || typeof (steps as Partial<Iterator<unknown>>).next !== "function")
      throw wrong(custom, `is no generator: it gives ${quoted(steps)}; write function*`);
    if (Symbol.asyncIterator in steps)
      throw wrong(custom, "is asynchronous, but simulated time passes in yields only: write function* without async");
    const number = this.#free.pop() ?? this.#working.length;
    this.#working[number] = { steps: steps as Iterator<unknown, unknown, Ending>, closing: false };
    return number;
  }

  /** How long a yielded time is. */
  #length(custom: Place, value: unknown): number {
    try {
      const time = this.#times.read(value, "yield");
      return time.kind === "constant" ? time.value : custom.waits.draw(time);
    } catch (cause) {
      const names = [...custom.lists.keys()];
      const lists = names.length === 0 ? "it has no lists of steps" : `its lists are ${names.join(", ")}`;
      throw wrong(custom, `yields ${quoted(value)}, which is no time, and ${lists}`, cause);
    }
  }

  #made(custom: Named, state: CustomCode["state"]): unknown {
    try {
      return state?.();
    } catch (cause) {
      throw failed(custom, cause);
    }
  }
}

const goTo = (pc: number, note: number): Answer => ({ pc, note, drawn: 0 });

function wrong({ step, at }: Named, what: string, cause?: unknown): ArchitechError {
  return new ArchitechError("custom-failed", `${place(at)}, the custom step ${quoted(step.name)}, ${what}`, {
    path: at,
    cause,
  });
}

function failed(custom: Named, cause: unknown): ArchitechError {
  return wrong(custom, `threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : quoted(cause)}`, cause);
}
