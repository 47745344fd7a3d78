import type { Progress } from "@architech/protocol";
import type { Answer, RunEnd, SimulationRequest, StartedRun, StreamSource } from "../experiment/stream-source.js";
import { answer } from "./answer.js";
import { type Plan, planRun } from "./plan.js";

/** Who is told of progress, and what ends that once the run has a stream. */
interface Listening {
  readonly listener: (progress: Progress) => void;
  stop?: () => void;
}

/**
 * A run in this process. A tiny one that nobody watches is answered without a stream; its stream is made when somebody
 * asks for it. Every other run has its stream at once.
 */
export class LocalRun implements StartedRun {
  readonly source: StreamSource;
  readonly ended: Promise<RunEnd>;
  readonly notes: readonly string[];
  readonly #open: () => StartedRun;
  readonly #listening = new Set<Listening>();
  readonly #answer: Promise<Answer | undefined>;
  #finish: (end: RunEnd) => void = () => {};
  #stream: StartedRun | undefined;
  #cancelled = false;

  /** `open`: starts the run with its stream. */
  constructor(
    request: SimulationRequest & { readonly id: string },
    open: () => StartedRun,
    notes: readonly string[] = [],
  ) {
    this.notes = notes;
    this.#open = open;
    this.ended = new Promise((resolve) => (this.#finish = resolve));
    this.source = {
      run: request.id,
      done: this.ended.then(({ state }) => state),
      frames: (offset, signal) => (this.#cancelled ? noFrames() : this.#streamed().source.frames(offset, signal)),
    };
    this.#answer = this.#begin(request);
  }

  answer(): Promise<Answer | undefined> {
    return this.#answer;
  }

  cancel(): void {
    if (this.#stream !== undefined) this.#stream.cancel();
    else {
      this.#cancelled = true;
      this.#finish({ state: "cancelled" });
    }
  }

  onProgress(listener: (progress: Progress) => void): () => void {
    if (this.#stream !== undefined) return this.#stream.onProgress(listener);
    const listening: Listening = { listener };
    this.#listening.add(listening);
    return () => {
      this.#listening.delete(listening);
      listening.stop?.();
    };
  }

  async #begin(request: SimulationRequest): Promise<Answer | undefined> {
    try {
      const plan = await planRun(request);
      // What a function decides is asked once: it may remember.
      const found = plan.tiny && !plan.here && plan.precision === undefined ? await this.#work(plan) : undefined;
      if (found !== undefined) {
        if (!this.#cancelled) this.#finish({ state: "done" });
        return found;
      }
    } catch {
      // What is wrong is found, and said, by the run with its stream.
    }
    if (!this.#cancelled) this.#streamed();
    return undefined;
  }

  async #work(plan: Plan): Promise<Answer | undefined> {
    const begun = performance.now();
    const total = plan.points * plan.runs;
    return answer(plan, {
      isWanted: () => !this.#cancelled && this.#stream === undefined,
      progress: (done, events) => {
        const leftMs = ((performance.now() - begun) * (total - done)) / done;
        for (const { listener } of this.#listening) listener({ type: "progress", done, total, leftMs, events });
      },
    });
  }

  #streamed(): StartedRun {
    if (this.#stream === undefined) {
      this.#stream = this.#open();
      for (const listening of this.#listening) listening.stop = this.#stream.onProgress(listening.listener);
      void this.#stream.ended.then(this.#finish);
    }
    return this.#stream;
  }
}

async function* noFrames(): AsyncGenerator<Uint8Array, void, undefined> {}
