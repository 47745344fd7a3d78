import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Machine } from "../engine/machine.js";
import { partState, type WindowBarrier } from "../parts/exchange.js";
import { NotParted, PartsLost } from "../parts/part.js";
import { PartRunner } from "../parts/part-runner.js";
import { type PartCheckpoint, type PartState, takeState } from "../parts/part-state.js";
import { actOn, type Parts, type ScalingAct } from "../parts/parts.js";
import type { Compiled } from "../simulation/compile.js";
import type { Cut } from "../simulation/cut.js";
import { Hastening } from "../simulation/hastening.js";
import { machineOfPart } from "../simulation/parts-wanted.js";
import type { Task } from "../simulation/task.js";
import type { PartAnswer, PartCommand } from "./part-messages.js";

/** How long this thread waits for the others before it lets its caller look at the clock. */
const patienceMs = 5;
/** How long another may take for what it does between two looks: a window, or to begin. */
const mostMs = 20_000;

/** A part elsewhere, as the first is in touch with it. */
export interface OtherPart {
  /** Takes commands and gives answers. */
  readonly port: MessagePort;
  /** It is needed no more. */
  release(): void;
}

/** How the first part is in touch with the others. */
export interface PartLinks {
  readonly exchange: WindowBarrier;
  /** Counts what is said on the ports: [0] by the first, [1] by all others. */
  readonly said: Int32Array<SharedArrayBuffer>;
  readonly others: readonly OtherPart[];
  /** Whether these are in other processes, which may go at any moment. Default false. */
  readonly areElsewhere?: boolean;
}

/** The same, with the latencies of traffic that were not asked for yet. */
interface Followed extends OtherPart {
  readonly observed: number[];
}

/** The parts of a model, the first of them in this thread. It waits for the others without going back to the event loop. */
export class LedParts implements Parts {
  windows = 0;
  readonly areElsewhere: boolean;
  readonly #exchange: WindowBarrier;
  readonly #runner: PartRunner;
  readonly #machine: Machine;
  readonly #others: readonly Followed[];
  readonly #hastening: Hastening;
  readonly #untilMs: number;
  readonly #said: Int32Array<SharedArrayBuffer>;
  readonly #observed: number[] = [];
  /** Whether the others go from window to window, and whether this part has taken what they handed out last. */
  #isGoing = false;
  #hasTaken = false;
  #silentSince = 0;

  constructor(
    task: Task,
    { latencies }: Cut,
    compiled: Compiled,
    { exchange, said, others, areElsewhere = false }: PartLinks,
    from?: PartCheckpoint,
  ) {
    this.areElsewhere = areElsewhere;
    this.#exchange = exchange;
    this.#said = said;
    this.#others = others.map(({ port, release }) => ({ port, release, observed: [] }));
    this.#machine = machineOfPart(task, 0, compiled, this.#observed);
    this.#hastening = new Hastening(this.#machine, compiled.program);
    this.#untilMs = task.options.untilMs;
    this.#runner = new PartRunner(this.#machine, 0, latencies, this.#exchange, task.options.bounds.maxInside);
    if (from !== undefined) this.#runner.load(from);
  }

  get events(): number {
    return this.#runner.events;
  }

  get now(): number {
    return this.#runner.now;
  }

  get isFull(): boolean {
    return this.#runner.state === partState.full;
  }

  run(limit: number, budget: number): boolean {
    const runner = this.#runner;
    const most = runner.events + budget;
    if (!this.#isGoing) {
      this.#isGoing = true;
      this.#ask({ type: "run" });
      runner.give(limit);
    } else if (this.#hasTaken) this.#window(limit);
    this.#hasTaken = false;
    for (;;) {
      if (!this.#wait()) return false;
      runner.take();
      if (runner.state !== partState.well) this.#isGoing = false;
      if (runner.state === partState.tied) throw NotParted.tied(runner.moment);
      if (this.isFull) return false;
      if (runner.isReached) {
        this.#isGoing = false;
        // It may have been the limit of an earlier call.
        return runner.limit >= limit;
      }
      if (runner.events >= most) {
        this.#hasTaken = true;
        return false;
      }
      this.#window(limit);
    }
  }

  #window(limit: number): void {
    this.#runner.run(limit);
    this.#hastening.consider(this.#runner.now / this.#untilMs);
    this.windows++;
  }

  /** Whether the window is over everywhere. */
  #wait(): boolean {
    if (this.#exchange.wait(patienceMs)) {
      this.#silentSince = 0;
      return true;
    }
    this.#hear();
    const now = performance.now();
    if (this.#silentSince === 0) this.#silentSince = now;
    if (now - this.#silentSince > mostMs) throw this.#silent();
    return false;
  }

  states(): readonly PartState[] {
    this.#ask({ type: "state" });
    const own = takeState(this.#machine);
    const states = [own, ...this.#others.map((other) => this.#stateOf(other))];
    if (states.some((state) => !isLike(state, own))) throw this.#failure("another part has counted something else");
    return states;
  }

  #stateOf(other: Followed): PartState {
    const answer = this.#answerOf(other);
    if (answer.type !== "state") throw this.#failure("another part says what it was not asked for");
    other.observed.push(...answer.observed);
    return answer.state;
  }

  #answerOf(other: Followed): PartAnswer {
    const begun = performance.now();
    for (;;) {
      const said = Atomics.load(this.#said, 1);
      const answer = receiveMessageOnPort(other.port)?.message as PartAnswer | undefined;
      if (answer?.type === "failed") throw this.#failure(answer.message);
      if (answer !== undefined) return answer;
      if (performance.now() - begun > mostMs) throw this.#silent();
      Atomics.wait(this.#said, 1, said, 100);
    }
  }

  /** Throws what another thread has found to be wrong, while it says nothing else. */
  #hear(): void {
    for (const { port } of this.#others) {
      const answer = receiveMessageOnPort(port)?.message as PartAnswer | undefined;
      if (answer?.type === "failed") throw this.#failure(answer.message);
    }
  }

  #silent(): Error {
    const message = `another part did not answer for ${mostMs / 1000} s`;
    return this.areElsewhere ? new PartsLost(message) : new NotParted(message);
  }

  #failure(message: string): Error {
    return this.areElsewhere ? new PartsLost(message) : new Error(message);
  }

  save(): readonly PartCheckpoint[] | undefined {
    if (this.#isGoing || this.#runner.held > 0) return undefined;
    this.#ask({ type: "save" });
    const own = this.#runner.save();
    return [
      own,
      ...this.#others.map((other) => {
        const answer = this.#answerOf(other);
        if (answer.type !== "saved") throw this.#failure("another part says what it was not asked for");
        return answer.saved;
      }),
    ];
  }

  act(part: number, act: ScalingAct): void {
    if (part === 0) actOn(this.#machine, act);
    else {
      this.#others[part - 1]!.port.postMessage({ type: "act", act } satisfies PartCommand);
      this.#call();
    }
  }

  sample(site: number): number {
    return this.#machine.sample(site);
  }

  observed(): readonly (readonly number[])[] {
    return [this.#observed.splice(0), ...this.#others.map((other) => other.observed.splice(0))];
  }

  close(): void {
    if (this.#exchange.isClosed) return;
    this.#exchange.close();
    this.#call();
    for (const { release } of this.#others) release();
  }

  #ask(command: PartCommand): void {
    for (const { port } of this.#others) port.postMessage(command);
    this.#call();
  }

  #call(): void {
    Atomics.add(this.#said, 0, 1);
    Atomics.notify(this.#said, 0);
  }
}

/** Whether two parts of one model can have counted these. */
function isLike(one: PartState, other: PartState): boolean {
  return (["meters", "gauges", "gaugeCounts", "depths", "counters", "stations", "beside"] as const).every(
    (name) => one[name].length === other[name].length,
  );
}
