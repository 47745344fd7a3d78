import type { RunParts } from "@architech/protocol";
import type { MachineState } from "../engine/machine-state.js";
import { refused } from "../engine/notes.js";
import { NotParted } from "../parts/part.js";
import type { Parts } from "../parts/parts.js";
import { type ChosenCut, chooseCut } from "./choose-cut.js";
import { type Compiled, compile } from "./compile.js";
import {
  hasMark,
  markOf,
  type PartedState,
  packParted,
  readParts,
  SavedMachine,
  unpackParted,
} from "./parted-checkpoint.js";
import { type PartsWanted, partsHere } from "./parts-wanted.js";
import type { SeriesRows, Simulation, Task, TaskCheckpoint, TaskResult } from "./task.js";
import { Whole } from "./whole.js";

/** Gain from which on it pays, by what is expected. */
const leastGain = 1.125;
/** Events of a part in a window from which on it pays, by what is seen (docs/decisions/parts-by-windows.md). */
const leastEventsPerWindow = 500;
/** Windows after which that is judged. */
const judgedWindows = 1000;

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
  checkpoint: TaskCheckpoint & { readonly parts: number },
  wanted: PartsWanted | undefined,
  make: (instead: Instead) => Simulation,
): Simulation {
  const { state, from } = unpackParted(checkpoint);
  const { rowsOut, most, isAcross, cut } = state;
  if (checkpoint.parts === 1) return new Whole(make({ from }), "it goes on from a checkpoint", rowsOut);
  const across = isAcross ? ({ across: "workers" } as const) : {};
  const chosen = chooseCut(task.model, most, across.across);
  if (typeof chosen === "string" || !hasMark(chosen.cut, cut) || chosen.cut.parts !== checkpoint.parts)
    throw refused("is of another cut");
  return new InParts(task, chosen, { ifItPays: false, ...wanted, most, ...across }, make, { state, from });
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
    before?: { readonly state: PartedState; readonly from: TaskCheckpoint },
  ) {
    this.#chosen = chosen;
    this.#wanted = wanted;
    this.#make = make;
    this.#rowsOut = before?.state.rowsOut ?? 0;
    this.#windowsBefore = before?.state.windows ?? 0;
    this.#wallMs = before?.state.wallMs ?? 0;
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
      return (
        checkpoint &&
        packParted(checkpoint, cut.parts, {
          rowsOut: this.#rowsOut,
          most,
          windows: this.#windows,
          wallMs: this.#wallMs,
          isAcross: across === "workers",
          cut: markOf(cut),
        })
      );
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
