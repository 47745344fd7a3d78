import { ArchitechError } from "@architech/protocol";
import { Machine } from "../engine/machine.js";
import type { MachineState } from "../engine/machine-state.js";
import { Mser } from "../engine/mser.js";
import { type Notes, NotesReader, NotesWriter, refused } from "../engine/notes.js";
import { coreModule } from "../engine/wasm-core.js";
import type { ModelDocument } from "../model/document.js";
import { metricsOf } from "../model/metrics.js";
import { RecursionMachine } from "../recursion/recursion-machine.js";
import { Backlog } from "./backlog.js";
import { type Compiled, compile } from "./compile.js";
import { type Count, insideOf, keptCount } from "./count.js";
import { Customs } from "./customs.js";
import { Hastening } from "./hastening.js";
import { histogramRows, noHistogram } from "./histogram-rows.js";
import type { Layout, NodeLayout } from "./layout.js";
import { Ledger } from "./ledger.js";
import { goOnInParts, simulateInParts } from "./parted.js";
import type { PartsWanted } from "./parts-wanted.js";
import { primingModels } from "./prime.js";
import { mustBeRecursion } from "./recursion.js";
import { Scaling } from "./scaling.js";
import { Series } from "./series.js";
import { noRows } from "./series-rows.js";
import { Summary } from "./summary.js";
import {
  type Bounds,
  keyOf,
  type SeriesRows,
  type Simulation,
  type Task,
  type TaskCheckpoint,
  type TaskResult,
} from "./task.js";
import { Totals } from "./totals.js";
import { Whole } from "./whole.js";

/** Events between two looks at the clock: about a millisecond. */
const chunk = 8192;
/** How often the backlog is noted. */
const backlogMarks = 16;

/** How a task is simulated: nothing of it changes a number of the result. */
export interface SimulateOptions {
  /** Whether there are rows of intervals. Default true. */
  readonly series?: boolean;
  /** Whether the result has histograms. Default true. */
  readonly histogram?: boolean;
  /** In how many parts, and where those are. Default: as one. */
  readonly parts?: PartsWanted;
  /** Where it goes on from: a checkpoint of the same task with the same options. */
  readonly from?: TaskCheckpoint;
}

/** Sets up one task. The model must be valid; nothing is simulated before `advance`. Throws `checkpoint-refused`. */
export function simulate(task: Task, { parts, ...wanted }: SimulateOptions = {}): Simulation {
  if (task.options.device !== undefined)
    throw new ArchitechError(
      "gpu-unavailable",
      'what is asked of a GPU is worked on in the process that was asked; leave out device "gpu"',
    );
  if (task.options.method === "recursion") return new TaskSimulation(task, { ...wanted, ...recursively(task) });
  prime();
  const { from, ...others } = wanted;
  const make = (options: Partial<TaskOptionsHere>): Simulation => new TaskSimulation(task, { ...others, ...options });
  if (from?.parts !== undefined) return goOnInParts(task, { ...from, parts: from.parts }, parts, make);
  if (parts === undefined || parts.most < 2) return new TaskSimulation(task, wanted);
  // What has one was simulated as one.
  if (from !== undefined) return new Whole(new TaskSimulation(task, wanted), "it goes on from a checkpoint");
  return simulateInParts(task, parts, make);
}

/** A machine that goes from request to request. Throws `not-a-recursion`. */
function recursively(task: Task): Pick<TaskOptionsHere, "compiled" | "makeMachine"> {
  const compiled = compiledOnce(task.model);
  const plan = mustBeRecursion(task.model, compiled);
  const { maxInside } = task.options.bounds;
  return { compiled, makeMachine: (observe) => new RecursionMachine(plan, keyOf(task), maxInside, observe) };
}

let primed = false;

/** WebAssembly is compiled whole; only the JavaScript core must have seen every branch before it is quick. */
function prime(): void {
  if (primed || coreModule("lean") !== undefined) return;
  primed = true;
  const bounds = { maxEvents: 100_000, maxWallMs: 100, maxInside: 100_000 };
  for (const model of primingModels) {
    for (const warmupMs of ["auto", 2] as const) {
      const options = { untilMs: 16, warmupMs, everyMs: 4, bounds };
      const simulation = new TaskSimulation({ model, options, seed: 0, replication: 0 });
      simulation.advance(Number.POSITIVE_INFINITY);
      simulation.result();
    }
  }
}

const noNotes = new Float64Array(0);

const compiled = new WeakMap<ModelDocument, Compiled>();

/** Replications of one point share its document: that is compiled once. */
function compiledOnce(model: ModelDocument): Compiled {
  const known = compiled.get(model) ?? compile(model);
  compiled.set(model, known);
  return known;
}

/** Sets up the machine of a task; `observe` is handed the latencies of traffic, in means of five. */
type MakeMachine = (observe: ((mean: number, at: number) => void) | undefined) => MachineState & Partial<Savable>;

/** A machine that says itself how far it is, and was made to go on from there. */
interface Savable {
  /** Lets all of it come to one moment; undefined where that cannot be. */
  checkpoint(): TaskCheckpoint | undefined;
}

interface TaskOptionsHere extends Omit<SimulateOptions, "parts"> {
  /** What to simulate with, where that is not a machine of the whole model. */
  readonly compiled?: Compiled;
  readonly makeMachine?: MakeMachine;
  /** Wall time that the task has taken already. */
  readonly wallMs?: number;
}

class TaskSimulation implements Simulation {
  readonly nodes: readonly string[];
  nowMs = 0;
  done = false;
  readonly #task: Task;
  readonly #layout: Layout;
  readonly #machine: MachineState & Partial<Savable>;
  /** The machine where it is one of the whole model. */
  readonly #whole: Machine | undefined;
  readonly #hastening: Hastening | undefined;
  readonly #series: Series | undefined;
  readonly #histogram: boolean;
  readonly #ledger: Ledger;
  readonly #backlog: Backlog;
  readonly #mser: Mser | undefined;
  readonly #scaling: Scaling | undefined;
  readonly #customs: Customs | undefined;
  /** Counts at each place where the warm-up may end. */
  #counts: Count[] = [];
  /** Times at which the warm-up may end, in the order of time. */
  readonly #cuts: readonly number[];
  #nextCut = 0;
  #intervals = 0;
  #marks = 0;
  #wallMs: number;
  #stopped: { readonly bound: keyof Bounds; readonly message: string } | undefined;
  #result: TaskResult | undefined;

  constructor(
    task: Task,
    { series = true, histogram = true, compiled, makeMachine, wallMs = 0, from }: TaskOptionsHere = {},
  ) {
    const { program, layout, scaled, customs } = compiled ?? compiledOnce(task.model);
    const { untilMs, warmupMs, bounds } = task.options;
    this.#task = task;
    this.#layout = layout;
    this.nodes = [...layout.nodes.map(({ name }) => name), "traffic"];
    const mser = warmupMs === "auto" ? new Mser() : undefined;
    const observe = mser && ((mean: number, at: number): void => mser.add(mean, at));
    this.#mser = mser;
    this.#wallMs = wallMs;
    if (makeMachine === undefined) {
      const machine = new Machine(program, keyOf(task), bounds.maxInside, observe);
      this.#machine = this.#whole = machine;
      this.#hastening = new Hastening(machine, program);
      if (customs.length > 0)
        machine.host = this.#customs = new Customs(customs, task.model, keyOf(task), () => machine.now);
    } else this.#machine = makeMachine(observe);
    this.#scaling = scaled.length > 0 ? new Scaling(this.#machine, layout, scaled, task.model) : undefined;
    this.#series = series ? new Series(this.#machine, layout) : undefined;
    this.#histogram = histogram;
    this.#ledger = new Ledger(this.#machine);
    this.#backlog = new Backlog(this.#machine, layout);
    if (warmupMs === "auto") {
      const count = Math.max(4, Math.min(20, Math.floor(40_000 / program.meters)));
      this.#cuts = Array.from({ length: count }, (_, i) => ((i + 1) * untilMs) / (2 * count));
    } else this.#cuts = warmupMs > 0 && warmupMs < untilMs ? [warmupMs] : [];
    if (from !== undefined) this.#goOnFrom(from);
  }

  checkpoint(): TaskCheckpoint | undefined {
    if (this.#customs !== undefined || this.done) return undefined;
    const saved =
      this.#whole === undefined ? this.#machine.checkpoint?.() : { memory: this.#whole.save(), notes: noNotes };
    if (saved === undefined) return undefined;
    this.nowMs = Math.max(this.nowMs, this.#machine.now);
    const notes = new NotesWriter();
    notes.doubles(saved.notes);
    this.#keep(notes);
    return { memory: saved.memory, notes: notes.written };
  }

  #goOnFrom({ memory, notes: written }: TaskCheckpoint): void {
    const isKnown = this.#whole !== undefined || this.#machine.checkpoint !== undefined;
    if (!isKnown || this.#customs !== undefined) throw refused("is of a task that has none");
    const notes = new NotesReader(written);
    // The machine has gone on already from what is its own.
    notes.doubles();
    this.#whole?.load(memory);
    this.#keep(notes);
    notes.end();
  }

  /** Everything that is not in the machine's memory and differs between two moments of a task. */
  #keep(notes: Notes): void {
    this.nowMs = notes.number(this.nowMs);
    this.#wallMs = notes.number(this.#wallMs);
    this.#nextCut = notes.number(this.#nextCut);
    this.#intervals = notes.number(this.#intervals);
    this.#marks = notes.number(this.#marks);
    this.#counts = notes.list(this.#counts, (count) => keptCount(notes, count));
    this.#ledger.keep(notes);
    this.#backlog.keep(notes);
    this.#series?.keep(notes);
    this.#mser?.keep(notes);
    this.#scaling?.keep(notes);
  }

  advance(untilMs: number, sliceMs: number = Number.POSITIVE_INFINITY): SeriesRows {
    const started = performance.now();
    const { options } = this.#task;
    const goal = Math.min(untilMs, options.untilMs);
    let spent = 0;
    while (!this.done && this.nowMs < goal && spent < sliceMs) {
      const limit = Math.min(goal, this.#nextBoundary());
      const left = options.bounds.maxEvents - this.#machine.events;
      if (this.#machine.run(limit, Math.min(chunk, left))) this.#arrive(limit);
      else this.nowMs = this.#machine.now;
      this.#hastening?.consider(this.nowMs / options.untilMs);
      spent = performance.now() - started;
      this.#checkBounds(this.#wallMs + spent);
    }
    this.#wallMs += spent;
    return this.#series?.take() ?? noRows;
  }

  /** Ends the task where it is, if it is not done. */
  result(): TaskResult {
    this.done = true;
    this.#result ??= this.#summarise();
    return this.#result;
  }

  #nextBoundary(): number {
    const { untilMs, everyMs } = this.#task.options;
    const interval = this.#series === undefined ? untilMs : (this.#intervals + 1) * everyMs;
    const mark = ((this.#marks + 1) * untilMs) / backlogMarks;
    const cut = this.#cuts[this.#nextCut] ?? untilMs;
    const scaling = this.#scaling?.nextMs ?? untilMs;
    return Math.min(interval, mark, cut, scaling, untilMs);
  }

  /** All events up to `atMs` have happened: closes what ends there. */
  #arrive(atMs: number): void {
    const { untilMs, everyMs } = this.#task.options;
    this.nowMs = atMs;
    // The cut comes first: it counts what the interval has so far, and folding leaves nothing to count.
    if (this.#cuts[this.#nextCut] === atMs) {
      this.#nextCut++;
      this.#counts.push(this.#ledger.count(atMs));
    }
    if (atMs >= ((this.#marks + 1) * untilMs) / backlogMarks) {
      this.#marks++;
      this.#backlog.mark(atMs);
    }
    if (this.#series !== undefined && (atMs >= (this.#intervals + 1) * everyMs || atMs >= untilMs)) {
      this.#intervals++;
      this.#series.close(atMs);
      this.#ledger.foldPages();
    }
    if (atMs >= untilMs) this.done = true;
    else if (this.#scaling !== undefined && atMs >= this.#scaling.nextMs) this.#scaling.act(atMs);
  }

  #checkBounds(wallMs: number): void {
    if (this.done) return;
    const { maxEvents, maxWallMs, maxInside } = this.#task.options.bounds;
    const at = `after ${Number((this.nowMs / 1000).toPrecision(4))} s of simulated time`;
    if (this.#machine.halted === "host") {
      this.nowMs = this.#machine.now;
      this.done = true;
    } else if (this.#machine.halted === "inside")
      this.#stop("maxInside", `${maxInside} requests, calls and messages inside at once ${at}`);
    else if (this.#machine.events >= maxEvents) this.#stop("maxEvents", `${maxEvents} events ${at}`);
    else if (wallMs >= maxWallMs) this.#stop("maxWallMs", `${maxWallMs / 1000} s of computing ${at}`);
  }

  #stop(bound: keyof Bounds, what: string): void {
    this.#stopped = { bound, message: `stopped at the bound ${bound}: ${what}` };
    this.nowMs = this.#machine.now;
    this.done = true;
  }

  #summarise(): TaskResult {
    const machine = this.#machine;
    if (this.nowMs < this.#task.options.untilMs) this.nowMs = Math.max(this.nowMs, machine.settle());
    const layout = this.#layout;
    const last = this.#ledger.count(this.nowMs);
    const failure = this.#customs?.failure;
    if (this.#stopped !== undefined || failure !== undefined) this.#backlog.mark(this.nowMs);
    const totals = this.#measured(last);
    const summary = new Summary(machine, layout, totals);
    const { meters } = layout.traffic;
    const metrics = metricsOf(this.#task.model);
    let values: Float64Array | undefined;
    const inside = [...meters, ...layout.nodes.flatMap((node) => insideMeters(node, layout))];
    return {
      get summary() {
        values ??= Float64Array.from(metrics, (metric) => summary.value(metric));
        return values;
      },
      value: (metric) => summary.value(metrics[metric]!),
      histogram: this.#histogram ? histogramRows(machine, layout, totals) : noHistogram,
      warmupMs: totals.fromMs,
      reachedMs: this.nowMs,
      events: machine.events,
      saturated: this.#backlog.growing(),
      inside: inside.reduce((sum, meter) => sum + insideOf(machine, meter), 0),
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      ...(failure === undefined ? {} : { failure }),
    };
  }

  /** The totals from the end of the warm-up on. */
  #measured(last: Count): Totals {
    const counts = this.#counts;
    let cut = counts.length;
    if (this.#mser !== undefined) {
      const wanted = this.#mser.cut();
      // From the first count that is not before the end of the warm-up; half of the time is measured at least.
      cut = 0;
      while (cut < counts.length && (counts[cut - 1]?.atMs ?? 0) < wanted) cut++;
      while (cut > 0 && counts[cut - 1]!.atMs > this.nowMs / 2) cut--;
    }
    return new Totals(counts[cut - 1] ?? this.#ledger.zero, [...counts.slice(cut), last]);
  }
}

/** Meters of what is inside a node and began there: messages and jobs. */
function insideMeters({ kind, meters, channel, takes }: NodeLayout, { nodes }: Layout): readonly number[] {
  if (channel !== undefined) return [channel.life];
  if (kind === "queue" || kind === "job") return meters;
  if (kind !== "worker") return [];
  // A channel counts its messages until the work on them is done.
  return nodes.find(({ name }) => name === takes!.node)!.channel === undefined ? meters : [];
}
