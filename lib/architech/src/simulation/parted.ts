import type { RunParts } from "@architech/protocol";
import type { Core } from "../engine/core-of-machine.js";
import type { Image } from "../engine/image.js";
import { Machine } from "../engine/machine.js";
import type { MachineState } from "../engine/machine-state.js";
import { NotesReader, NotesWriter, refused } from "../engine/notes.js";
import { MergedMachine } from "../parts/merged-machine.js";
import { NotParted } from "../parts/part.js";
import type { PartCheckpoint } from "../parts/part-state.js";
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
  /** Whether each is to be in a process of its own; left out for threads. */
  readonly across?: "workers";
  /** Starts them, from where they are where that is given. Default: in this thread. */
  readonly start?: StartParts;
}

/** Starts the parts of a task. Throws `NotParted` where they cannot be. */
export type StartParts = (task: Task, cut: Cut, compiled: Compiled, from?: readonly PartCheckpoint[]) => Parts;

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
export function partsHere(task: Task, cut: Cut, compiled: Compiled, from?: readonly PartCheckpoint[]): Parts {
  const observed = Array.from({ length: cut.parts }, (): number[] => []);
  const machines = observed.map((latencies, part) => machineOfPart(task, part, compiled, latencies));
  return new PartsHere(machines, cut.latencies, observed, task.options.bounds.maxInside, from);
}

/** What a simulation of the whole is made with, if not with a machine of the whole. */
interface Instead {
  readonly compiled?: Compiled;
  readonly makeMachine?: (observe: ((mean: number, at: number) => void) | undefined) => MachineState & {
    checkpoint(): TaskCheckpoint | undefined;
  };
  readonly wallMs?: number;
  readonly from?: TaskCheckpoint;
}

/** Simulates a task in parts where it can be cut, and else as one. */
export function simulateInParts(task: Task, wanted: PartsWanted, make: (instead: Instead) => Simulation): Simulation {
  const chosen = chooseCut(task.model, wanted.most, wanted.across);
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

/** Goes on from a checkpoint of a task that is or was in parts, in as many. Throws `checkpoint-refused`. */
export function goOnInParts(
  task: Task,
  { memory, notes: written, parts }: TaskCheckpoint & { readonly parts: number },
  wanted: PartsWanted | undefined,
  make: (instead: Instead) => Simulation,
): Simulation {
  const notes = new NotesReader(written);
  const rowsOut = notes.number();
  const most = notes.number();
  const windows = notes.number();
  const wallMs = notes.number();
  const isAcross = notes.number() === 1;
  const known = [notes.doubles(), notes.doubles()];
  const from = { memory, notes: notes.doubles() as Float64Array<ArrayBuffer> };
  notes.end();
  if (parts === 1) return new Whole(make({ from }), "it goes on from a checkpoint", rowsOut);
  const across = isAcross ? ({ across: "workers" } as const) : {};
  const chosen = chooseCut(task.model, most, across.across);
  const isSame =
    typeof chosen !== "string" && cutNotes(chosen.cut).every((found, i) => String(found) === String(known[i]));
  if (!isSame || chosen.cut.parts !== parts) throw refused("is of another cut");
  return new InParts(task, chosen, { ifItPays: false, ...wanted, most, ...across }, make, {
    from,
    rowsOut,
    windows,
    wallMs,
  });
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

/** Numbers before those of a task that is or was in parts. */
function withNotesBefore(
  { memory, notes: own }: TaskCheckpoint,
  parts: number,
  numbers: readonly [rowsOut: number, most: number, windows: number, wallMs: number, isAcross: number],
  cut?: Cut,
): TaskCheckpoint {
  const notes = new NotesWriter();
  for (const number of numbers) notes.number(number);
  for (const of of cutNotes(cut)) notes.doubles(of);
  notes.doubles(own);
  return { memory, notes: notes.written, parts };
}

/** A cut by which one checkpoint is told from that of another: the parts of all names in their order, and the latencies. */
function cutNotes(cut: Cut | undefined): readonly [Float64Array, Float64Array] {
  return [Float64Array.from(cut?.of.values() ?? []), cut?.latencies ?? new Float64Array(0)];
}

/** A simulation as one, and why. */
export class Whole implements Simulation {
  readonly parts: RunParts;
  readonly #whole: Simulation;
  /** Rows that were handed out by one before it, and to which it has not come again. */
  #rowsOut: number;

  constructor(whole: Simulation, why: string, rowsOut = 0) {
    this.#whole = whole;
    this.parts = { count: 1, why };
    this.#rowsOut = rowsOut;
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
    const rows = this.#whole.advance(untilMs, sliceMs);
    const known = Math.min(rows.t.length, this.#rowsOut);
    this.#rowsOut -= known;
    return known === 0 ? rows : withoutFirst(rows, known);
  }

  result(): TaskResult {
    return this.#whole.result();
  }

  checkpoint(): TaskCheckpoint | undefined {
    const checkpoint = this.#whole.checkpoint?.();
    return checkpoint === undefined || this.#rowsOut === 0
      ? checkpoint
      : withNotesBefore(checkpoint, 1, [this.#rowsOut, 1, 0, 0, 0]);
  }
}

/** Where a simulation in parts goes on from. */
interface PartedFrom {
  readonly from: TaskCheckpoint;
  readonly rowsOut: number;
  readonly windows: number;
  readonly wallMs: number;
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
  readonly #simulation: Simulation;
  readonly #why: string;
  /** Windows before those that the parts know of. */
  readonly #windowsBefore: number;
  /** What goes on as one, once this cannot. */
  #whole: Whole | undefined;
  #rowsOut: number;
  #wallMs: number;

  constructor(
    task: Task,
    chosen: ChosenCut,
    wanted: PartsWanted,
    make: (instead: Instead) => Simulation,
    before?: PartedFrom,
  ) {
    this.#chosen = chosen;
    this.#wanted = wanted;
    this.#make = make;
    this.#rowsOut = before?.rowsOut ?? 0;
    this.#windowsBefore = before?.windows ?? 0;
    this.#wallMs = before?.wallMs ?? 0;
    const { cut, nodes, lookaheadMs, eventsPerWindow, gain } = chosen;
    const compiled = compile(task.model, cut);
    const from = before && readParts(before.from, cut.parts);
    this.#parts = (wanted.start ?? partsHere)(task, cut, compiled, from?.parts);
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
      new SavedMachine(this.#parts, compiled.program, { scaled }, observe, from?.notes);
    this.#simulation = make({ compiled, makeMachine, ...(before === undefined ? {} : { from: before.from }) });
  }

  get nodes(): readonly string[] {
    return this.#simulation.nodes;
  }

  get nowMs(): number {
    return (this.#whole ?? this.#simulation).nowMs;
  }

  get done(): boolean {
    return (this.#whole ?? this.#simulation).done;
  }

  get parts(): RunParts {
    if (this.#whole !== undefined) return this.#whole.parts;
    const { cut, lookaheadMs } = this.#chosen;
    const least = lookaheadMs < Number.POSITIVE_INFINITY ? { lookaheadMs } : {};
    const across = this.#parts.areElsewhere === true ? ({ across: "workers" } as const) : {};
    return { count: cut.parts, why: this.#why, ...least, windows: this.#windows, ...across };
  }

  get #windows(): number {
    return this.#windowsBefore + this.#parts.windows;
  }

  advance(untilMs: number, sliceMs?: number): SeriesRows {
    if (this.#whole !== undefined) return this.#whole.advance(untilMs, sliceMs);
    const begun = performance.now();
    try {
      const rows = this.#simulation.advance(untilMs, sliceMs);
      this.#rowsOut += rows.t.length;
      this.#judge();
      return rows;
    } catch (cause) {
      this.#wallMs += performance.now() - begun;
      return this.#beginAnew(cause).advance(untilMs, sliceMs);
    } finally {
      if (this.#whole === undefined) this.#wallMs += performance.now() - begun;
    }
  }

  result(): TaskResult {
    if (this.#whole !== undefined) return this.#whole.result();
    const { nowMs } = this.#simulation;
    try {
      return this.#simulation.result();
    } catch (cause) {
      const whole = this.#beginAnew(cause);
      whole.advance(nowMs);
      return whole.result();
    }
  }

  checkpoint(): TaskCheckpoint | undefined {
    if (this.#whole !== undefined) return this.#whole.checkpoint();
    const { most, across } = this.#wanted;
    const { cut } = this.#chosen;
    try {
      const checkpoint = this.#simulation.checkpoint?.();
      const numbers = [this.#rowsOut, most, this.#windows, this.#wallMs, across === "workers" ? 1 : 0] as const;
      return checkpoint && withNotesBefore(checkpoint, cut.parts, numbers, cut);
    } catch (cause) {
      return this.#beginAnew(cause).checkpoint();
    }
  }

  close(): void {
    this.#parts.close();
  }

  /** Throws `NotParted` where there is too little to do in a window for what has been seen of it. */
  #judge(): void {
    const { events } = this.#parts;
    if (!this.#wanted.ifItPays || this.done || this.#windows < judgedWindows) return;
    const each = events / (this.#windows * this.#chosen.cut.parts);
    if (each < leastEventsPerWindow)
      throw new NotParted(
        `there were ${about(each)} events for each part and window of ${duration(this.#chosen.lookaheadMs)}: too few to wait for each other`,
      );
  }

  /** Goes on as one, unless something else is wrong. */
  #beginAnew(cause: unknown): Whole {
    this.#parts.close();
    if (!(cause instanceof NotParted)) throw cause;
    this.#whole = new Whole(this.#make({ wallMs: this.#wallMs }), cause.message, this.#rowsOut);
    return this.#whole;
  }
}

/** The parts as one machine that says how far they are: the memories one behind the other. */
class SavedMachine extends MergedMachine {
  checkpoint(): TaskCheckpoint | undefined {
    const saved = this.save();
    if (saved === undefined) return undefined;
    const notes = new NotesWriter();
    for (const { memory, notes: own } of saved.parts) {
      notes.number(memory.byteLength);
      notes.doubles(own);
    }
    notes.doubles(saved.notes);
    return { memory: new Uint8Array(Buffer.concat(saved.parts.map(({ memory }) => memory))), notes: notes.written };
  }
}

/** What `SavedMachine` has saved, of so many parts. */
function readParts(
  { memory, notes: written }: TaskCheckpoint,
  count: number,
): { readonly parts: readonly PartCheckpoint[]; readonly notes: Float64Array } {
  const notes = new NotesReader(new NotesReader(written).doubles());
  let begin = 0;
  const parts = Array.from({ length: count }, () => {
    const end = begin + notes.number();
    if (!(end >= begin && end <= memory.byteLength)) throw refused("is cut off");
    const part = { memory: memory.slice(begin, end), notes: notes.doubles() as Float64Array<ArrayBuffer> };
    begin = end;
    return part;
  });
  const own = notes.doubles();
  notes.end();
  return { parts, notes: own };
}

function withoutFirst(rows: SeriesRows, count: number): SeriesRows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, column]) => [name, (column as Float64Array).slice(count)]),
  ) as unknown as SeriesRows;
}
