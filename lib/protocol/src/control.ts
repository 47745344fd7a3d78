import { ArchitechError } from "./errors.js";
import { field, integerField, numberField, optionalField, record, textField } from "./fields.js";
import { packMessage, unpackMessage } from "./message-pack.js";
import { parseRunParts, parseRunState, parseWireError, type RunParts, type RunState, type WireError } from "./run.js";

/** First byte of a control message. */
export const controlKind = 1;

/** What a server says on a run's stream, beside frames. */
export type ServerMessage =
  /** The first message. `next`: the frames that exist so far. `tables`: those that have begun. */
  | {
      readonly type: "opened";
      readonly run: string;
      readonly state: RunState;
      readonly next: number;
      readonly tables: readonly number[];
    }
  | Progress
  | Thinned
  /** The last message: every frame has been sent. */
  | { readonly type: "end"; readonly state: RunState; readonly error?: WireError; readonly parts?: RunParts }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** How far a run has come. */
export interface Progress {
  readonly type: "progress";
  /** Tasks finished; a task under way counts as the share of simulated time behind it. */
  readonly done: number;
  readonly total: number;
  /** Estimate of the time left; absent until there is one. */
  readonly leftMs?: number;
  readonly events: number;
}

/**
 * Some of the series was too much for a reader that asked for less (`thin`): the next frame stands for the frames from
 * number `from` up to, not including, `to`. Read from `from` again, once the run is over, they come in whole.
 */
export interface Thinned {
  readonly type: "thinned";
  readonly from: number;
  readonly to: number;
  /** Intervals that were made one. */
  readonly intervals: number;
}

/** What a reader says on a run's stream. `ack`: everything up to this frame has been taken. */
export type ClientMessage = { readonly type: "ack"; readonly seq: number } | { readonly type: "cancel" };

/** A control message as bytes. */
export function encodeControl(message: ServerMessage | ClientMessage): Uint8Array<ArrayBuffer> {
  const packed = packMessage(message);
  const bytes = new Uint8Array(1 + packed.byteLength);
  bytes[0] = controlKind;
  bytes.set(packed, 1);
  return bytes;
}

/** Reads a control message of a server. Throws `bad-message` or `message-too-large`. */
export function decodeServerMessage(bytes: Uint8Array): ServerMessage {
  const from = record(controlBody(bytes), "a control message");
  const type = textField(from, "type");
  switch (type) {
    case "opened": {
      const tables = field(from, "tables");
      if (!Array.isArray(tables) || !tables.every((table) => Number.isInteger(table)))
        throw new ArchitechError("bad-message", '"tables" is a list of numbers');
      return {
        type,
        run: textField(from, "run"),
        state: parseRunState(field(from, "state")),
        next: integerField(from, "next"),
        tables: tables as number[],
      };
    }
    case "progress": {
      const leftMs = optionalField(from, "leftMs", numberField);
      return {
        type,
        done: numberField(from, "done"),
        total: numberField(from, "total"),
        ...(leftMs === undefined ? {} : { leftMs }),
        events: numberField(from, "events"),
      };
    }
    case "thinned":
      return {
        type,
        from: integerField(from, "from"),
        to: integerField(from, "to"),
        intervals: integerField(from, "intervals"),
      };
    case "end": {
      const error = optionalField(from, "error", (of, name) => parseWireError(field(of, name)));
      const parts = optionalField(from, "parts", (of, name) => parseRunParts(field(of, name)));
      return {
        type,
        state: parseRunState(field(from, "state")),
        ...(error === undefined ? {} : { error }),
        ...(parts === undefined ? {} : { parts }),
      };
    }
    case "error":
      return { type, code: textField(from, "code"), message: textField(from, "message") };
    default:
      throw new ArchitechError("bad-message", `"${type.slice(0, 40)}" is not a message of a server`);
  }
}

/** Reads a control message of a reader. Throws `bad-message` or `message-too-large`. */
export function decodeClientMessage(bytes: Uint8Array): ClientMessage {
  const from = record(controlBody(bytes), "a control message");
  const type = textField(from, "type");
  switch (type) {
    case "ack":
      return { type, seq: integerField(from, "seq") };
    case "cancel":
      return { type };
    default:
      throw new ArchitechError("bad-message", `"${type.slice(0, 40)}" is not a message of a reader: ack, cancel`);
  }
}

function controlBody(bytes: Uint8Array): unknown {
  if (bytes[0] !== controlKind)
    throw new ArchitechError(
      "bad-message",
      `a control message begins with ${controlKind}, not with ${bytes[0] ?? "nothing"}`,
    );
  return unpackMessage(bytes.subarray(1), { maxBytes: 1 << 16 });
}
