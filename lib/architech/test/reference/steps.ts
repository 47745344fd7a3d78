import type { StepDocument } from "#src/model/step-document.js";
import { Failed, Happening, type Process, type World } from "./process.js";

/** Who waits for some steps: as long as `outcome` is not there. */
export interface Waiter {
  readonly answer: Happening;
  /** Whether the steps end once nobody waits. */
  readonly takesBack: boolean;
  readonly behind: Waiter | undefined;
}

/** Ends steps whose answer nobody waits for any more; no retry tries that again. */
class Gone extends Failed {}

const isGone = (waiter: Waiter | undefined): boolean =>
  waiter !== undefined && (waiter.answer.outcome === undefined ? isGone(waiter.behind) : waiter.takesBack);

/** How a node is called in the name of someone who waits. */
export type Call = (op: string, waiter: Waiter | undefined) => Process;

/** Goes through steps as the page on modeling tells them. */
export class Walk {
  readonly #world: World;
  readonly #call: Call;

  constructor(world: World, call: Call) {
    [this.#world, this.#call] = [world, call];
  }

  *through(steps: readonly StepDocument[], waiter?: Waiter): Process {
    for (const step of steps) {
      if (isGone(waiter)) throw new Gone();
      yield* this.#one(step, waiter);
    }
  }

  *#one(step: StepDocument, waiter: Waiter | undefined): Process {
    switch (step.do) {
      case "wait":
        yield Number.parseFloat(step.time as string);
        return;
      case "fail":
        throw new Failed();
      case "call":
        yield* this.#call(step.op, waiter);
        return;
      case "repeat":
        for (let i = 0; i < step.times; i++) yield* this.through(step.steps, waiter);
        return;
      case "retry":
        yield* this.#retry(step, waiter);
        return;
      case "parallel": {
        const branches = step.branches.map((branch) => this.#start(branch, this.#waiter(waiter)));
        let failed = false;
        for (const branch of branches) {
          if (branch.outcome === undefined) yield* settled(branch);
          failed ||= branch.outcome === "failed";
        }
        if (failed) throw new Failed();
        return;
      }
      case "timeout": {
        const own = this.#waiter(waiter, step.cancel);
        const end = this.#start(step.steps, own);
        end.afterwards(() => own.answer.happen(end.outcome));
        this.#world.after(Number.parseFloat(step.after), () => own.answer.happen("failed"));
        yield own.answer;
        return;
      }
      case "hedge":
        yield this.#hedge(step, waiter);
        return;
      default:
        throw new Error(`no reference for ${step.do}`);
    }
  }

  *#retry(
    { times, backoff, growth, cap = "Infinity", steps }: Extract<StepDocument, { do: "retry" }>,
    waiter?: Waiter,
  ): Process {
    for (let attempt = 1; ; attempt++)
      try {
        yield* this.through(steps, waiter);
        return;
      } catch (failed) {
        if (failed instanceof Gone || attempt > times) throw failed;
        const pause = Number.parseFloat(backoff) * (growth === "exponential" ? 2 ** (attempt - 1) : 1);
        yield Math.min(pause, Number.parseFloat(cap));
      }
  }

  #hedge({ after, times = 1, cancel, steps }: Extract<StepDocument, { do: "hedge" }>, waiter?: Waiter): Happening {
    const own = this.#waiter(waiter, cancel);
    let underWay = 0;
    const begin = (more: number): void => {
      underWay++;
      const end = this.#start(steps, own);
      end.afterwards(() => {
        underWay--;
        if (end.outcome === "well" || underWay === 0) own.answer.happen(end.outcome);
      });
      if (more > 0)
        this.#world.after(Number.parseFloat(after), () => {
          if (own.answer.outcome === undefined) begin(more - 1);
        });
    };
    begin(times);
    return own.answer;
  }

  #waiter(behind: Waiter | undefined, takesBack = false): Waiter {
    return { answer: new Happening(), takesBack, behind };
  }

  #start(steps: readonly StepDocument[], waiter: Waiter): Happening {
    return this.#world.start(this.through(steps, waiter));
  }
}

/** Waits until something has happened, well or not. */
function* settled(happening: Happening): Process {
  try {
    yield happening;
  } catch (failed) {
    if (!(failed instanceof Failed)) throw failed;
  }
}
