import { ArchitechError, type ErrorCode } from "./errors.js";
import { field, integerField, numberField, optionalField, record, textField } from "./fields.js";

/** Where a run stands. The last three are final. */
export type RunState = "queued" | "running" | "done" | "cancelled" | "failed";

const runStates: readonly string[] = ["queued", "running", "done", "cancelled", "failed"];

/** Whether nothing more will be appended to the run's stream. */
export function isFinal(state: RunState): state is "done" | "cancelled" | "failed" {
  return state === "done" || state === "cancelled" || state === "failed";
}

/** Why something went wrong, as it crosses a wire. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** Whether the tasks of a run were simulated in parts that run beside each other, and why. */
export interface RunParts {
  /** In how many; 1: as one. */
  readonly count: number;
  readonly why: string;
  /** The least time in ms that a message takes from one part to another, and the windows of time that there were. */
  readonly lookaheadMs?: number;
  readonly windows?: number;
  /** Whether workers of a cluster had one each; left out for threads of one. */
  readonly across?: "workers";
}

/** What is known of a run besides its rows. */
export interface RunInfo {
  readonly id: string;
  readonly kind: "run" | "sweep" | "compare";
  readonly state: RunState;
  /** The rows come from an earlier run of the same request. */
  readonly cached: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly ended?: number;
  /** Frames in the stream so far, and their bytes. */
  readonly frames: number;
  readonly bytes: number;
  /** Tasks finished, and how many there are as far as is known. */
  readonly done: number;
  readonly total: number;
  readonly error?: WireError;
  /** Of its first task. */
  readonly parts?: RunParts;
}

/** Reads what a server says of a run. Throws `bad-message`. */
export function parseRunInfo(value: unknown): RunInfo {
  const from = record(value, "a run");
  const kind = textField(from, "kind");
  if (kind !== "run" && kind !== "sweep" && kind !== "compare")
    throw new ArchitechError("bad-message", `"${kind}" is not a kind of run`);
  const ended = optionalField(from, "ended", numberField);
  const error = optionalField(from, "error", (of, name) => parseWireError(field(of, name)));
  const parts = optionalField(from, "parts", (of, name) => parseRunParts(field(of, name)));
  return {
    id: textField(from, "id"),
    kind,
    state: parseRunState(field(from, "state")),
    cached: field(from, "cached") === true,
    created: numberField(from, "created"),
    ...(ended === undefined ? {} : { ended }),
    frames: integerField(from, "frames"),
    bytes: integerField(from, "bytes"),
    done: integerField(from, "done"),
    total: integerField(from, "total"),
    ...(error === undefined ? {} : { error }),
    ...(parts === undefined ? {} : { parts }),
  };
}

/** Throws `bad-message` on anything but what is said of the parts of a run. */
export function parseRunParts(value: unknown): RunParts {
  const from = record(value, "the parts of a run");
  const lookaheadMs = optionalField(from, "lookaheadMs", numberField);
  const windows = optionalField(from, "windows", integerField);
  return {
    count: integerField(from, "count"),
    why: textField(from, "why"),
    ...(lookaheadMs === undefined ? {} : { lookaheadMs }),
    ...(windows === undefined ? {} : { windows }),
    ...(field(from, "across") === "workers" ? { across: "workers" } : {}),
  };
}

/** Throws `bad-message` on anything but a state of a run. */
export function parseRunState(value: unknown): RunState {
  if (typeof value !== "string" || !runStates.includes(value))
    throw new ArchitechError(
      "bad-message",
      `${JSON.stringify(value)} is not a state of a run: ${runStates.join(", ")}`,
    );
  return value as RunState;
}

/** Throws `bad-message` on anything but a code and a message. A path that is none is left out. */
export function parseWireError(value: unknown): WireError {
  const from = record(value, "an error");
  const path = field(from, "path");
  return {
    code: textField(from, "code"),
    message: textField(from, "message"),
    ...(isPath(path) ? { path } : {}),
  };
}

function isPath(value: unknown): value is readonly (string | number)[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string" || typeof name === "number");
}

/** The error that a server reported, as it is thrown here. */
export function errorFrom(error: WireError): ArchitechError {
  return new ArchitechError(
    error.code as ErrorCode,
    error.message,
    error.path === undefined ? {} : { path: error.path },
  );
}
