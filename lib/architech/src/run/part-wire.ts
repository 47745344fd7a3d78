import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ArchitechError, field, packMessage, record, textField, unpackMessage } from "@architech/protocol";
import { type Notes, NotesReader, NotesWriter } from "../engine/notes.js";
import type { PartCheckpoint, PartState } from "../parts/part-state.js";
import type { ScalingAct } from "../parts/parts.js";
import type { PartAnswer, PartCommand } from "./part-messages.js";

/** A command as bytes. */
export function packCommand(command: PartCommand): Uint8Array {
  return packMessage(command);
}

/** Reads a command. Throws `bad-message`. */
export function readCommand(bytes: Uint8Array): PartCommand {
  const from = record(unpackMessage(bytes), "what a part is asked for");
  const type = textField(from, "type");
  if (type === "run" || type === "state" || type === "save") return { type };
  const act = field(from, "act");
  if (type !== "act" || !Array.isArray(act)) throw bad(`a part cannot "${type.slice(0, 40)}"`);
  const [what, ...numbers] = act as unknown[];
  if ((what !== "setReplica" && what !== "resize") || numbers.length !== 4 || !numbers.every(Number.isFinite))
    throw bad("a part can set a replica and resize a node, by four numbers");
  return { type, act: [what, ...numbers] as unknown as ScalingAct };
}

/** First byte of an answer. */
const kinds = { state: 0, failed: 1, saved: 2 } as const;

function withKind(kind: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(1 + bytes.byteLength);
  all[0] = kind;
  all.set(bytes, 1);
  return all;
}

/** An answer as bytes. */
export function packAnswer(answer: PartAnswer): Uint8Array {
  if (answer.type === "failed") return withKind(kinds.failed, new TextEncoder().encode(answer.message));
  if (answer.type === "saved") return withKind(kinds.saved, packSaved(answer.saved));
  const notes = new NotesWriter();
  keptState(notes, answer.state);
  notes.doubles(Float64Array.from(answer.observed));
  const { written } = notes;
  return withKind(kinds.state, new Uint8Array(written.buffer));
}

/** Reads an answer. Throws `bad-message`. */
export function readAnswer(bytes: Uint8Array): PartAnswer {
  const state = bytes.subarray(1);
  if (bytes[0] === kinds.failed) return { type: "failed", message: new TextDecoder().decode(state) };
  if (bytes[0] === kinds.saved) return { type: "saved", saved: unpackSaved(state) };
  if (bytes[0] !== kinds.state || state.byteLength % 8 !== 0) throw bad("what a part has counted is cut off");
  const notes = new NotesReader(new Float64Array(new Uint8Array(state).buffer));
  try {
    const read = { type: "state", state: keptState(notes), observed: [...notes.doubles()] } as const;
    notes.end();
    return read;
  } catch (error) {
    throw bad(`what a part has counted cannot be read: ${(error as Error).message}`);
  }
}

/** How far a part is as bytes, compressed: how many of its notes there are, they, and its memory. */
export function packSaved({ memory, notes }: PartCheckpoint): Uint8Array {
  const count = Float64Array.of(notes.length);
  const all = [count, notes].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return deflateRawSync(Buffer.concat([...all, memory]), { level: 1 });
}

/** Bytes of a part, at most: all that WebAssembly can have. */
const mostBytes = 2 ** 32;

/** Reads how far a part is. Throws `bad-message`. */
export function unpackSaved(bytes: Uint8Array): PartCheckpoint {
  let all: Uint8Array<ArrayBuffer>;
  try {
    all = new Uint8Array(inflateRawSync(bytes, { maxOutputLength: mostBytes }));
  } catch (error) {
    throw bad(`how far a part is cannot be read: ${(error as Error).message}`);
  }
  const count = all.byteLength < 8 ? Number.NaN : new DataView(all.buffer).getFloat64(0, true);
  const end = 8 * (1 + count);
  if (!Number.isInteger(count) || count < 0 || end > all.byteLength) throw bad("how far a part is is cut off");
  return { notes: new Float64Array(all.slice(8, end).buffer), memory: all.slice(end) };
}

const none: PartState = {
  meters: new Float64Array(0),
  gauges: new Float64Array(0),
  gaugeCounts: new Int32Array(0),
  depths: new Int32Array(0),
  counters: new Float64Array(0),
  stations: new Int32Array(0),
  beside: new Int32Array(0),
  pages: new Int32Array(0),
  timeouts: 0,
};

/** What a part has counted as it is written down, or read. */
function keptState(notes: Notes, state: PartState = none): PartState {
  return {
    meters: notes.doubles(state.meters),
    gauges: notes.doubles(state.gauges),
    gaugeCounts: notes.ints(state.gaugeCounts),
    depths: notes.ints(state.depths),
    counters: notes.doubles(state.counters),
    stations: notes.ints(state.stations),
    beside: notes.ints(state.beside),
    pages: notes.ints(state.pages),
    timeouts: notes.number(state.timeouts),
  };
}

function bad(message: string): ArchitechError {
  return new ArchitechError("bad-message", message);
}
