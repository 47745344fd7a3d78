import type { Machine } from "../engine/machine.js";
import type { PartCheckpoint, PartState } from "./part-state.js";

/** What is done to a node that scales, in the part that has it. */
export type ScalingAct =
  | readonly ["setReplica", node: number, place: number, state: number, time: number]
  | readonly ["resize", node: number, threads: number, cores: number, time: number];

/** The parts of a model under way, wherever each of them is simulated. */
export interface Parts {
  /** Events of all so far. */
  readonly events: number;
  /** Whether all but the first are in other processes. */
  readonly areElsewhere?: boolean;
  /** Windows so far. */
  readonly windows: number;
  /** The latest moment that any of them has reached. */
  readonly now: number;
  /** Whether one has more inside than it may. */
  readonly isFull: boolean;
  /** Runs until all up to `limit` has happened everywhere (true), or about so many events have. Throws `NotParted`. */
  run(limit: number, budget: number): boolean;
  /** What each has counted, in their order. Between two runs. */
  states(): readonly PartState[];
  /** How far each is, in their order, after a run that has come to its limit; undefined where that cannot be said. */
  save(): readonly PartCheckpoint[] | undefined;
  /** Does something to a node of a part. Between two runs, the first of which has come to its limit. */
  act(part: number, act: ScalingAct): void;
  /** The next draw of a site that only the one who scales draws from. */
  sample(site: number): number;
  /** The latencies that traffic had since it was last asked for, and when: of each part in order. */
  observed(): readonly (readonly number[])[];
  /** They are needed no more. */
  close(): void;
}

/** Does it. */
export function actOn(machine: Machine, act: ScalingAct): void {
  if (act[0] === "resize") machine.resize(act[1], act[2], act[3], act[4]);
  else machine.setReplica(act[1], act[2], act[3], act[4]);
}
