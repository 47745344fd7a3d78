import type { Runs, SimulationRequest, StartedRun } from "../experiment/stream-source.js";
import { hasCode } from "../model/custom-steps.js";
import type { LocalRuns } from "./local-runs.js";
import type { RemoteRuns } from "./remote-runs.js";

/** Runs on a server, but for those in which functions of this process have a say: they are here. */
export class RunsByPlace implements Runs {
  readonly #here: LocalRuns;
  readonly #there: RemoteRuns;
  readonly #quiet: boolean;

  /** `quiet`: nobody has asked for the server, so nobody need be told why a run is not there. */
  constructor(here: LocalRuns, there: RemoteRuns, quiet: boolean) {
    this.#here = here;
    this.#there = there;
    this.#quiet = quiet;
  }

  start(request: SimulationRequest, options: { readonly workers?: number } = {}): StartedRun {
    if (!hasCode(request.model)) return this.#there.start(request);
    const { url } = this.#there.client;
    const note = `simulated in this process, not on ${url}: the functions of its custom steps are here only`;
    return this.#here.start(request, options, this.#quiet ? [] : [note]);
  }
}
