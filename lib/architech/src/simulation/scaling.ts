import type { MachineState } from "../engine/machine-state.js";
import type { Notes } from "../engine/notes.js";
import type { ModelDocument } from "../model/document.js";
import { Hpa } from "../scaling/hpa.js";
import { Keda } from "../scaling/keda.js";
import type { ScaleEvent } from "../scaling/rules.js";
import { nextStep, type ScheduleStep, stepAt } from "../scaling/schedule.js";
import type { CompiledScale } from "./compile-scale.js";
import type { Layout } from "./layout.js";
import { Replicas } from "./replicas.js";
import { hpaPolicy, kedaPolicy, pollingMs, schedulePolicy, syncMs } from "./scale-policies.js";
import { ScaleReadings } from "./scale-readings.js";

/** Something that decides how many replicas a node has, whenever its time has come. */
interface Scaler {
  readonly nextMs: number;
  /** Its time has come: how many there shall be, of `current`. */
  decide(nowMs: number, current: number): number;
  /** Writes down what it remembers, or goes on with it. */
  keep(notes: Notes): void;
}

/**
 * Everything that scales in a run. It works between events, at times that only the model decides, and reads nothing
 * but the machine's sums: where a run is cut changes nothing.
 */
export class Scaling {
  readonly #nodes: readonly {
    readonly replicas: Replicas;
    readonly readings: ScaleReadings;
    readonly scalers: readonly Scaler[];
  }[];
  /** When something is next to be done; Infinity when never. */
  nextMs: number = Number.POSITIVE_INFINITY;

  constructor(machine: MachineState, layout: Layout, scaled: readonly CompiledScale[], model: ModelDocument) {
    const partitionsOf = (queue: string): number => {
      const node = model.nodes[queue]!;
      return node.kind === "log" ? node.partitions : Number.POSITIVE_INFINITY;
    };
    const takes = new Map(layout.nodes.map((node) => [node.name, node.takes]));
    this.#nodes = scaled.map((node) => {
      const replicas = new Replicas(machine, node);
      const own = takes.get(node.name);
      const sharing = (queue: string): readonly string[] => {
        const group = own?.node === queue ? own.group : "";
        return [...takes].flatMap(([name, other]) => (other?.node === queue && other.group === group ? [name] : []));
      };
      const readings = new ScaleReadings(machine, layout, node, replicas, sharing, partitionsOf);
      return { replicas, readings, scalers: scalersOf(machine, node, readings) };
    });
    this.#plan();
  }

  /** All events up to `nowMs` have happened: does what is due. */
  act(nowMs: number): void {
    for (const { replicas, scalers } of this.#nodes) {
      replicas.arrive(nowMs);
      for (const scaler of scalers)
        if (scaler.nextMs <= nowMs) replicas.scaleTo(scaler.decide(nowMs, replicas.count), nowMs);
    }
    this.#plan();
  }

  /** Writes down how far everything is, or goes on from there. */
  keep(notes: Notes): void {
    for (const { replicas, readings, scalers } of this.#nodes) {
      replicas.keep(notes);
      readings.keep(notes);
      for (const scaler of scalers) scaler.keep(notes);
    }
    this.#plan();
  }

  #plan(): void {
    this.nextMs = Math.min(
      Number.POSITIVE_INFINITY,
      ...this.#nodes.flatMap(({ replicas, scalers }) => [replicas.nextMs, ...scalers.map(({ nextMs }) => nextMs)]),
    );
  }
}

/** What decides, in the order in which it does so where two times coincide. */
function scalersOf(machine: MachineState, node: CompiledScale, readings: ScaleReadings): readonly Scaler[] {
  const { scale } = node;
  if (scale.by === "schedule") {
    const policy = schedulePolicy(scale);
    const size = { threads: node.plan.threads, cores: node.plan.cores, coresFollow: node.coresAsThreads };
    const resize = (step: ScheduleStep | undefined, nowMs: number): void => {
      if (step?.threads === undefined && step?.cores === undefined) return;
      size.threads = step.threads ?? size.threads;
      size.coresFollow &&= step.cores === undefined;
      size.cores = step.cores ?? (size.coresFollow ? size.threads : size.cores);
      machine.resize(node.index, size.threads, size.cores, nowMs);
    };
    resize(stepAt(policy, 0), 0);
    return [
      whenever(
        (afterMs) => nextStep(policy, afterMs),
        (nowMs, current) => {
          const step = stepAt(policy, nowMs);
          resize(step, nowMs);
          return step?.replicas ?? current;
        },
        (notes) => {
          size.threads = notes.number(size.threads);
          size.cores = notes.number(size.cores);
          size.coresFollow = notes.number(size.coresFollow ? 1 : 0) === 1;
        },
      ),
    ];
  }
  const hpa = new Hpa(hpaPolicy(scale));
  const sync = every(
    syncMs(scale),
    (nowMs, current) => hpa.decide(nowMs, current, readings.hpa(scale, nowMs)),
    (notes) => keepHpa(notes, hpa),
  );
  if (scale.by === "hpa") return [sync];
  const keda = new Keda(kedaPolicy(scale));
  const { activation = 0 } = scale;
  const poll = every(
    pollingMs(scale),
    (nowMs, current) => {
      const triggers = readings.keda(scale);
      // With nothing but busy cores to look at, KEDA takes it as active always.
      const active = triggers.length === 0 || triggers.some(({ value }) => value > activation);
      return keda.poll(nowMs, current, active);
    },
    (notes) => {
      keda.lastActiveMs = notes.list(some(keda.lastActiveMs), (atMs) => notes.number(atMs ?? 0))[0];
    },
  );
  return [poll, sync];
}

/** Decides at every multiple of a period. */
function every(periodMs: number, decide: Scaler["decide"], keep: Scaler["keep"]): Scaler {
  return whenever((afterMs) => (Math.round(afterMs / periodMs) + 1) * periodMs, decide, keep);
}

/** Decides at the times that follow one another. */
function whenever(next: (afterMs: number) => number, decide: Scaler["decide"], keep: Scaler["keep"]): Scaler {
  let nextMs = next(0);
  return {
    get nextMs() {
      return nextMs;
    },
    decide(nowMs, current) {
      nextMs = next(nowMs);
      return decide(nowMs, current);
    },
    keep(notes) {
      nextMs = notes.number(nextMs);
      keep(notes);
    },
  };
}

function keepHpa(notes: Notes, hpa: Hpa): void {
  const { recommendations, ups, downs } = hpa.past;
  const events = (list: readonly ScaleEvent[]): ScaleEvent[] =>
    notes.list(list, (event) => ({ atMs: notes.number(event?.atMs ?? 0), change: notes.number(event?.change ?? 0) }));
  const wishes = (list: NonNullable<typeof recommendations> = []): NonNullable<typeof recommendations> =>
    notes.list(list, (wish) => ({ atMs: notes.number(wish?.atMs ?? 0), replicas: notes.number(wish?.replicas ?? 0) }));
  hpa.past = {
    recommendations: notes.list(some(recommendations), wishes)[0],
    ups: events(ups),
    downs: events(downs),
  };
}

/** A list of what is there. */
function some<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
