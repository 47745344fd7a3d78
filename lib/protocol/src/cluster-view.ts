import { ArchitechError } from "./errors.js";
import { type Fields, field, integerField, record, shown, textField } from "./fields.js";

/** How much a process that listens is doing; others choose by it. */
export interface ServiceLoad {
  /** Kernels that run. */
  readonly kernels: number;
  /** Streams of runs that are being read. */
  readonly streams: number;
}

/** What a process that listens says of itself. */
export interface ServiceView {
  readonly id: string;
  readonly roles: readonly string[];
  /** Where the others reach it, with its base URL. */
  readonly url: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Whether it takes what is new. */
  readonly ready: boolean;
  readonly load: ServiceLoad;
}

/** What a process that simulates says of itself. */
export interface WorkerView {
  readonly id: string;
  readonly threads: number;
  /** Tasks in work; of a worker of a cluster, chunks of them. */
  readonly busy: number;
  /** Tasks that it has done, failed ones included, and events that it has simulated for them. */
  readonly tasks: number;
  readonly events: number;
  /** What it computes: equal versions give equal results. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What waits in a lane of the queue, and what workers have taken from it: chunks of tasks. */
export interface LaneView {
  readonly name: string;
  readonly waiting: number;
  readonly taken: number;
}

/** Who works together at a moment, and what waits; for a person who looks. */
export interface ClusterView {
  /** Whether services and workers meet on a bus; else one process does all. */
  readonly cluster: boolean;
  /** Milliseconds since 1970, by the clock of who answers. */
  readonly at: number;
  /** Whether the bus is there; without it the rest is what was known last. */
  readonly connected: boolean;
  readonly services: readonly ServiceView[];
  readonly workers: readonly WorkerView[];
  readonly lanes: readonly LaneView[];
}

/** Reads what `GET /api/cluster` answers. Throws `bad-message`. */
export function parseClusterView(value: unknown): ClusterView {
  const from = record(value, "the view of a cluster");
  return {
    cluster: flagField(from, "cluster"),
    at: integerField(from, "at"),
    connected: flagField(from, "connected"),
    services: list(from, "services").map(parseService),
    workers: list(from, "workers").map(parseWorker),
    lanes: list(from, "lanes").map(parseLane),
  };
}

function parseService(value: unknown): ServiceView {
  const from = record(value, "a service");
  const load = record(field(from, "load"), "the load of a service");
  return {
    id: textField(from, "id"),
    roles: list(from, "roles").map(String),
    url: textField(from, "url"),
    version: textField(from, "version"),
    since: integerField(from, "since"),
    ready: flagField(from, "ready"),
    load: { kernels: integerField(load, "kernels"), streams: integerField(load, "streams") },
  };
}

function parseWorker(value: unknown): WorkerView {
  const from = record(value, "a worker");
  return {
    id: textField(from, "id"),
    threads: integerField(from, "threads"),
    busy: integerField(from, "busy"),
    tasks: integerField(from, "tasks"),
    events: integerField(from, "events"),
    version: textField(from, "version"),
    since: integerField(from, "since"),
  };
}

function parseLane(value: unknown): LaneView {
  const from = record(value, "a lane");
  return { name: textField(from, "name"), waiting: integerField(from, "waiting"), taken: integerField(from, "taken") };
}

function list(from: Fields, name: string): readonly unknown[] {
  const value = field(from, name);
  if (!Array.isArray(value))
    throw new ArchitechError("bad-message", `"${name}" is a list, not ${shown(value)}`, { path: [name] });
  return value;
}

function flagField(from: Fields, name: string): boolean {
  const value = field(from, name);
  if (typeof value !== "boolean")
    throw new ArchitechError("bad-message", `"${name}" is true or false, not ${shown(value)}`, { path: [name] });
  return value;
}
