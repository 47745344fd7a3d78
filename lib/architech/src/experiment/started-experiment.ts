import type { Progress } from "@architech/protocol";
import { type LiveRows, liveRows, type Readership } from "./live-rows.js";
import { Outcome } from "./outcome.js";
import { announce, type ExperimentResult } from "./results.js";
import type { SimulationRequest, StartedRun, StreamSource } from "./stream-source.js";
import type { Row, ViewSpec } from "./view.js";

/**
 * An experiment that has been started: await it for its result, or read its rows while it goes on.
 *
 * The run is stopped when the last loop over its rows was left early and nothing else wants it: nobody awaits it and
 * no chart shows it. A failure that nobody waits for is an unhandled rejection, so that it does not pass in silence.
 */
export class StartedExperiment<Result extends ExperimentResult> implements PromiseLike<Result> {
  readonly request: SimulationRequest;
  readonly #started: StartedRun;
  readonly #finish: (outcome: Outcome) => Result;
  #result: Promise<Result> | undefined;
  #readers = 0;
  #wanted = false;
  #over = false;

  constructor(started: StartedRun, request: SimulationRequest, finish: (outcome: Outcome) => Result) {
    this.request = request;
    this.#started = started;
    this.#finish = finish;
    void started.ended.then(({ error }) => {
      this.#over = true;
      if (error !== undefined && !this.#wanted && this.#readers === 0) void Promise.reject(error);
    });
  }

  /** Identifier of the run. */
  get id(): string {
    return this.#started.source.run;
  }

  /** The run's stream, for charts and for readers of Arrow. */
  get source(): StreamSource {
    this.#wanted = true;
    return this.#started.source;
  }

  /** Stops the run. What was computed so far stays readable; awaiting it rejects with `run-cancelled`. */
  cancel(): void {
    this.#started.cancel();
  }

  /** Calls the listener with each report of progress; returns what stops that. */
  onProgress(listener: (progress: Progress) => void): () => void {
    return this.#started.onProgress(listener);
  }

  // biome-ignore lint/suspicious/noThenProperty: an experiment is awaited for its result, and read while it goes on
  then<A = Result, B = never>(
    onResult?: ((result: Result) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#wanted = true;
    this.#result ??= Outcome.of(this.#started, this.request).then((outcome) => {
      const result = this.#finish(outcome);
      announce(result);
      return result;
    });
    return this.#result.then(onResult, onError);
  }

  /** Rows of a view of this run, counted as readers of it. */
  protected live<R = Row>(spec: ViewSpec): LiveRows<R> {
    return liveRows<R>(this.#started, spec, this.#readership);
  }

  readonly #readership: Readership = {
    enter: () => void this.#readers++,
    share: () => void (this.#wanted = true),
    leave: () => {
      this.#readers--;
      if (this.#readers === 0 && !this.#wanted && !this.#over) this.#started.cancel();
    },
  };
}
