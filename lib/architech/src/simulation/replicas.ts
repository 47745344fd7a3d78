import type { MachineState } from "../engine/machine-state.js";
import type { Notes } from "../engine/notes.js";
import { besideStride, replicaState, stateField } from "../engine/scaled-plan.js";
import type { CompiledScale } from "./compile-scale.js";

/** One replica of a node that scales, while it starts or serves. */
export interface Replica {
  readonly place: number;
  readonly createdMs: number;
  /** When it has started; -Infinity for those that were there at first. */
  readonly readyMs: number;
}

/**
 * The replicas of one node. A new one starts, then gets requests. One that is taken away gets no more of them,
 * finishes what it holds and what waits for it, and is gone: that the machine sees to.
 */
export class Replicas {
  readonly #machine: MachineState;
  readonly #scaled: CompiledScale;
  /** Those that serve, in the order of their readiness, and those that start, in the order of their creation. */
  ready: readonly Replica[];
  starting: readonly Replica[] = [];

  constructor(machine: MachineState, scaled: CompiledScale) {
    this.#machine = machine;
    this.#scaled = scaled;
    const first = Number.NEGATIVE_INFINITY;
    this.ready = Array.from({ length: scaled.plan.initial }, (_, place) => ({
      place,
      createdMs: first,
      readyMs: first,
    }));
  }

  /** How many there are that are not being taken away. */
  get count(): number {
    return this.ready.length + this.starting.length;
  }

  /** When the next one will have started. */
  get nextMs(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.starting.map(({ readyMs }) => readyMs));
  }

  /** Writes down which there are, or goes on with them; the machine has its own part of it. */
  keep(notes: Notes): void {
    const each = (replica: Replica | undefined): Replica => ({
      place: notes.number(replica?.place ?? 0),
      createdMs: notes.number(replica?.createdMs ?? 0),
      readyMs: notes.number(replica?.readyMs ?? 0),
    });
    this.ready = notes.list(this.ready, each);
    this.starting = notes.list(this.starting, each);
  }

  /** Those that have started by now serve from now on. */
  arrive(nowMs: number): void {
    const started = this.starting.filter(({ readyMs }) => readyMs <= nowMs);
    if (started.length === 0) return;
    this.starting = this.starting.filter(({ readyMs }) => readyMs > nowMs);
    for (const replica of started.sort((a, b) => a.readyMs - b.readyMs || a.place - b.place)) {
      this.ready = [...this.ready, replica];
      this.#put(replica, replicaState.ready, nowMs);
    }
  }

  /** Adds or takes away until there are so many. Where every place is still held by one that finishes, the rest waits for the next decision. */
  scaleTo(count: number, nowMs: number): void {
    while (this.count < count) {
      const place = this.#freePlace();
      if (place === undefined) break;
      const replica = { place, createdMs: nowMs, readyMs: nowMs + this.#startup() };
      this.starting = [...this.starting, replica];
      this.#put(replica, replicaState.starting, nowMs);
    }
    this.arrive(nowMs);
    while (this.count > count) this.#remove(nowMs);
  }

  /** As a ReplicaSet does: first one that has not started, then the one that has been ready for the shortest time. */
  #remove(nowMs: number): void {
    const unready = this.starting.at(-1);
    if (unready !== undefined) {
      this.starting = this.starting.slice(0, -1);
      this.#put(unready, replicaState.absent, nowMs);
      return;
    }
    const last = this.ready.at(-1)!;
    this.ready = this.ready.slice(0, -1);
    this.#put(last, replicaState.draining, nowMs);
  }

  #put({ place }: Replica, state: number, nowMs: number): void {
    this.#machine.setReplica(this.#scaled.index, place, state, nowMs);
  }

  #startup(): number {
    const { startupSite, startupMs } = this.#scaled;
    return startupSite < 0 ? startupMs : this.#machine.sample(startupSite);
  }

  #freePlace(): number | undefined {
    const { firstStation, places } = this.#scaled.plan;
    for (let place = 0; place < places; place++)
      if (this.#machine.beside[(firstStation + place) * besideStride + stateField] === replicaState.absent)
        return place;
    return undefined;
  }
}
