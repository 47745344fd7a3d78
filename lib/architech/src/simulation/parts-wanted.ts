import type { Core } from "../engine/core-of-machine.js";
import type { Image } from "../engine/image.js";
import { Machine } from "../engine/machine.js";
import type { PartCheckpoint } from "../parts/part-state.js";
import type { Parts } from "../parts/parts.js";
import { PartsHere } from "../parts/parts-here.js";
import type { Compiled } from "./compile.js";
import type { Cut } from "./cut.js";
import { keyOf, type Task } from "./task.js";

/** In how many parts a task is to be simulated, and where. */
export interface PartsWanted {
  /** At most so many. */
  readonly most: number;
  /** Only where that pays. */
  readonly ifItPays: boolean;
  /** Whether each is to be in a process of its own; left out for threads. */
  readonly across?: "workers";
  /** Starts them, from where they are where that is given. Default: in this thread. */
  readonly start?: StartParts;
}

/** Starts the parts of a task. Throws `NotParted` where they cannot be. */
export type StartParts = (task: Task, cut: Cut, compiled: Compiled, from?: readonly PartCheckpoint[]) => Parts;

/** The machine of one part, which puts the latencies that traffic has there, and when, into `observed`. */
export function machineOfPart(
  task: Task,
  part: number,
  { program }: Compiled,
  observed: number[],
  makeCore?: (image: Image) => Core,
): Machine {
  const starts = program.starts.filter((start) => start.part === part);
  const observe =
    task.options.warmupMs === "auto" ? (latency: number, at: number) => void observed.push(latency, at) : undefined;
  return new Machine({ ...program, starts }, keyOf(task), task.options.bounds.maxInside, observe, makeCore, 1);
}

/** Starts the parts in this thread. */
export function partsHere(task: Task, cut: Cut, compiled: Compiled, from?: readonly PartCheckpoint[]): Parts {
  const observed = Array.from({ length: cut.parts }, (): number[] => []);
  const machines = observed.map((latencies, part) => machineOfPart(task, part, compiled, latencies));
  return new PartsHere(machines, cut.latencies, observed, task.options.bounds.maxInside, from);
}
