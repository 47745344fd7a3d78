import type { RunParts } from "@architech/protocol";
import type { Core } from "../engine/core-of-machine.js";
import type { Image } from "../engine/image.js";
import { Machine } from "../engine/machine.js";
import type { MachineState } from "../engine/machine-state.js";
import { MergedMachine } from "../parts/merged-machine.js";
import { NotParted } from "../parts/part.js";
import type { Parts } from "../parts/parts.js";
import { PartsHere } from "../parts/parts-here.js";
import { type ChosenCut, chooseCut } from "./choose-cut.js";
import { type Compiled, compile } from "./compile.js";
import type { Cut } from "./cut.js";
import type { SeriesRows, Simulation, Task, TaskCheckpoint, TaskResult } from "./task.js";

/** In how many parts a task is to be simulated, and where. */
export interface PartsWanted {
  /** At most so many. */
  readonly most: number;
  /** Only where that pays. */
  readonly ifItPays: boolean;
  /** Starts them. Default: in this thread. */
  readonly start?: (task: Task, cut: Cut, compiled: Compiled) => Parts;
}

/** Gain from which on it pays, by what is expected. */
const leastGain = 1.125;
/** Events of a part in a window from which on it pays, by what is seen (docs/decisions/parts-by-windows.md). */
const leastEventsPerWindow = 500;
/** Windows after which that is judged. */
const judgedWindows = 1000;

/** What names the random streams of a task. */
export function keyOf({ seed, replication }: Task): string {
  return `${seed}/${replication}`;
}

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
function partsHere(task: Task, cut: Cut, compiled: Compiled): Parts {
  const observed = Array.from({ length: cut.parts }, (): number[] => []);
  const machines = observed.map((latencies, part) => machineOfPart(task, part, compiled, latencies));
  return new PartsHere(machines, cut.latencies, observed, task.options.bounds.maxInside);
}

/** What a simulation of the whole is made with, if not with a machine of the whole. */
interface Instead {
  readonly compiled?: Compiled;
  readonly makeMachine?: (observe: ((mean: number, at: number) => void) | undefined) => MachineState;
  readonly wallMs?: number;
}

/** Simulates a task in parts where it can be cut, and else as one. */
export function simulateInParts(task: Task, wanted: PartsWanted, make: (instead: Instead) => Simulation): Simulation {
  const chosen = chooseCut(task.model, wanted.most);
  if (typeof chosen === "string") return new Whole(make({}), chosen);
  if (wanted.ifItPays && chosen.gain < leastGain)
    return new Whole(
      make({}),
      `${about(chosen.eventsPerWindow)} events are expected for each part and window of ${duration(chosen.lookaheadMs)}: too few to wait for each other`,
    );
  try {
    return new InParts(task, chosen, wanted, make);
  } catch (cause) {
    if (!(cause instanceof NotParted)) throw cause;
    return new Whole(make({}), cause.message);
  }
}

/** The nodes of each part, as far as they fit into a sentence. */
function namesOf(nodes: readonly (readonly string[])[]): string {
  return nodes
    .map((names) => [...names.slice(0, 6), ...(names.length > 6 ? ["…"] : [])].join(", ") || "traffic")
    .join(" | ");
}

/** Two digits of a number. */
function about(x: number): string {
  return String(Number(x.toPrecision(2)));
}

function duration(ms: number): string {
  return `${Number(ms.toPrecision(3))} ms`;
}

/** A simulation as one, and why. */
export class Whole implements Simulation {
  readonly parts: RunParts;
  readonly #whole: Simulation;

  constructor(whole: Simulation, why: string) {
    this.#whole = whole;
    this.parts = { count: 1, why };
  }

  get nodes(): readonly string[] {
    return this.#whole.nodes;
  }

  get nowMs(): number {
    return this.#whole.nowMs;
  }

  get done(): boolean {
    return this.#whole.done;
  }

  advance(untilMs: number, sliceMs?: number): SeriesRows {
    return this.#whole.advance(untilMs, sliceMs);
  }

  result(): TaskResult {
    return this.#whole.result();
  }

  checkpoint(): TaskCheckpoint | undefined {
    return this.#whole.checkpoint?.();
  }
}

/**
 * A simulation in parts. Where those find out that their order at some moment is not known, or that they mostly wait for
 * each other, it begins anew as one: the results are the same, so the rows that were handed out already are left out.
 */
class InParts implements Simulation {
  readonly #chosen: ChosenCut;
  readonly #wanted: PartsWanted;
  readonly #make: (instead: Instead) => Simulation;
  readonly #parts: Parts;
  #simulation: Simulation;
  #isWhole = false;
  #why: string;
  /** Rows that were handed out, and of one begun anew those that it has not come to again. */
  #rowsOut = 0;
  #wallMs = 0;

  constructor(task: Task, chosen: ChosenCut, wanted: PartsWanted, make: (instead: Instead) => Simulation) {
    this.#chosen = chosen;
    this.#wanted = wanted;
    this.#make = make;
    const { cut, nodes, lookaheadMs, eventsPerWindow, gain } = chosen;
    const compiled = compile(task.model, cut);
    this.#parts = (wanted.start ?? partsHere)(task, cut, compiled);
    const worth = `${gain.toFixed(1)} times as quick as one is expected, where each part has a core of its own`;
    const windows =
      lookaheadMs < Number.POSITIVE_INFINITY
        ? `about ${about(eventsPerWindow)} events for each in a window of ${duration(lookaheadMs)}, ${worth}`
        : `which never call each other, ${worth}`;
    this.#why = `${namesOf(nodes)}: ${windows}`;
    const scaled = compiled.scaled.map(({ name, plan }) => ({
      part: cut.partOf(name),
      firstStation: plan.firstStation,
      stations: plan.places,
    }));
    const makeMachine: Instead["makeMachine"] = (observe) =>
      new MergedMachine(this.#parts, compiled.program, { scaled }, observe);
    this.#simulation = make({ compiled, makeMachine });
  }

  get nodes(): readonly string[] {
    return this.#simulation.nodes;
  }

  get nowMs(): number {
    return this.#simulation.nowMs;
  }

  get done(): boolean {
    return this.#simulation.done;
  }

  get parts(): RunParts {
    if (this.#isWhole) return { count: 1, why: this.#why };
    const { cut, lookaheadMs } = this.#chosen;
    const least = lookaheadMs < Number.POSITIVE_INFINITY ? { lookaheadMs } : {};
    const { windows, areElsewhere } = this.#parts;
    const across = areElsewhere === true ? ({ across: "workers" } as const) : {};
    return { count: cut.parts, why: this.#why, ...least, windows, ...across };
  }

  advance(untilMs: number, sliceMs?: number): SeriesRows {
    if (!this.#isWhole) {
      const begun = performance.now();
      try {
        const rows = this.#simulation.advance(untilMs, sliceMs);
        this.#rowsOut += rows.t.length;
        this.#judge();
        return rows;
      } catch (cause) {
        this.#beginAnew(cause);
      } finally {
        this.#wallMs += performance.now() - begun;
      }
    }
    const rows = this.#simulation.advance(untilMs, sliceMs);
    const known = Math.min(rows.t.length, this.#rowsOut);
    this.#rowsOut -= known;
    return known === 0 ? rows : withoutFirst(rows, known);
  }

  result(): TaskResult {
    if (this.#isWhole) return this.#simulation.result();
    const { nowMs } = this.#simulation;
    try {
      return this.#simulation.result();
    } catch (cause) {
      this.#beginAnew(cause);
      this.#simulation.advance(nowMs);
      return this.#simulation.result();
    }
  }

  checkpoint(): TaskCheckpoint | undefined {
    return this.#isWhole && this.#rowsOut === 0 ? this.#simulation.checkpoint?.() : undefined;
  }

  close(): void {
    this.#parts.close();
  }

  /** Throws `NotParted` where there is too little to do in a window for what has been seen of it. */
  #judge(): void {
    const { windows, events } = this.#parts;
    if (!this.#wanted.ifItPays || this.done || windows < judgedWindows) return;
    const each = events / (windows * this.#chosen.cut.parts);
    if (each < leastEventsPerWindow)
      throw new NotParted(
        `there were ${about(each)} events for each part and window of ${duration(this.#chosen.lookaheadMs)}: too few to wait for each other`,
      );
  }

  /** Goes on as one, unless something else is wrong. */
  #beginAnew(cause: unknown): void {
    this.#parts.close();
    if (!(cause instanceof NotParted)) throw cause;
    this.#isWhole = true;
    this.#why = cause.message;
    this.#simulation = this.#make({ wallMs: this.#wallMs });
  }
}

function withoutFirst(rows: SeriesRows, count: number): SeriesRows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, column]) => [name, (column as Float64Array).slice(count)]),
  ) as unknown as SeriesRows;
}
