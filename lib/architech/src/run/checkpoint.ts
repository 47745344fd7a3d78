import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ArchitechError, joinWithHead, splitWithHead } from "@architech/protocol";
import { refused } from "../engine/notes.js";
import { coreBytes } from "../engine/wasm-core.js";
import { resultVersion } from "./cache-key.js";
import type { PlannedTask } from "./plan.js";
import type { RowsCheckpoint } from "./task-rows.js";

/** Raised when the same state is written down in another way. */
const version = 2;

/** What a checkpoint says of itself. */
interface Head {
  readonly kind: "checkpoint";
  readonly version: number;
  /** Hash of what computes it. */
  readonly engine: string;
  /** Hash of what it is of. */
  readonly task: string;
  /** SHA-256 of the bytes behind the head. */
  readonly sha256: string;
  /** See `TaskCheckpoint.parts`. */
  readonly parts?: number;
  /** Bytes of each piece, before they were compressed. */
  readonly memory: number;
  readonly notes: number;
  readonly rows: number;
}

/** How far a task is, as bytes that another process of the same engine goes on from. */
export function packCheckpoint(
  { memory, notes, rows, parts }: RowsCheckpoint,
  task: PlannedTask,
): Uint8Array<ArrayBuffer> {
  const pieces = [memory, bytesOf(notes), bytesOf(rows)];
  // Most of a machine's memory is small whole numbers: the quickest level makes a fifth of it.
  const body = deflateRawSync(Buffer.concat(pieces), { level: 1 });
  const head: Head = {
    kind: "checkpoint",
    version,
    engine: engine(),
    task: hashOf(JSON.stringify(identity(task))),
    sha256: hashOf(body),
    ...(parts === undefined ? {} : { parts }),
    memory: memory.byteLength,
    notes: notes.byteLength,
    rows: rows.byteLength,
  };
  return joinWithHead(head, [body]);
}

/** Reads a checkpoint of this task. Throws `checkpoint-refused` for what is damaged, or of another task or engine. */
export function unpackCheckpoint(bytes: Uint8Array, task: PlannedTask): RowsCheckpoint {
  const { head, body } = split(bytes);
  if (head.kind !== "checkpoint" || typeof head.engine !== "string") throw refused("is none");
  if (head.version !== version || head.engine !== engine()) throw refused("is of another version");
  if (head.task !== hashOf(JSON.stringify(identity(task)))) throw refused("is of another task");
  if (head.sha256 !== hashOf(body)) throw refused("is damaged");
  const length = head.memory + head.notes + head.rows;
  const all = inflateRawSync(body, { maxOutputLength: length });
  if (all.byteLength !== length) throw refused("is damaged");
  return {
    memory: new Uint8Array(all.subarray(0, head.memory)),
    notes: doubles(all.subarray(head.memory, head.memory + head.notes)),
    rows: doubles(all.subarray(head.memory + head.notes)),
    ...(head.parts === undefined ? {} : { parts: head.parts }),
  };
}

function split(bytes: Uint8Array): { head: Head; body: Uint8Array } {
  try {
    const { head, parts } = splitWithHead(bytes);
    return { head: head as Head, body: parts[0] ?? new Uint8Array(0) };
  } catch (error) {
    if (error instanceof ArchitechError) throw refused(`cannot be read: ${error.message}`);
    throw error;
  }
}

let known: string | undefined;

/** What must be the same where it is written and where it is read: the core, whose memory it is, and the results. */
function engine(): string {
  known ??= createHash("sha256")
    .update(resultVersion)
    .update(coreBytes("lean"))
    .update(coreBytes("extended"))
    .digest("hex");
  return known;
}

function identity({ task, point, replication, series, histogram }: PlannedTask): unknown {
  return [task.model, task.options, task.seed, point, replication, series, histogram];
}

function hashOf(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function doubles(bytes: Uint8Array): Float64Array<ArrayBuffer> {
  return new Float64Array(new Uint8Array(bytes).buffer);
}
