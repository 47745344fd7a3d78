import { ArchitechError } from "./errors.js";

/** Numbers of the tables that a run's stream carries. `thinned`: rows of the series, several intervals as one, made for a reader that cannot keep up. */
export const tableNumbers = { summary: 0, series: 1, histogram: 2, traces: 3, log: 4, thinned: 5 } as const;

/** Name of a table of a run's stream. */
export type TableName = Exclude<keyof typeof tableNumbers, "thinned">;

/** First byte of a message that carries a frame; control messages begin with `controlKind`. */
export const frameKind = 2;

/** Bytes before the Arrow bytes of a frame: kind u8, table u8, flags u16, sequence u32, little-endian. */
export const frameHeaderBytes = 8;

/**
 * Bits of a frame's flags. `schema`: the frame opens its table (schema, then dictionaries). `thinned`: it is no frame of
 * the stream, but stands for those from the next one up to its number.
 */
export const frameFlags = { schema: 1, thinned: 2 } as const;

/** What a frame's header says. */
export interface FrameHeader {
  readonly table: number;
  readonly flags: number;
  /** Position in the run's stream, from 0. */
  readonly seq: number;
}

/** Writes the header into the first eight bytes of `into`. */
export function writeFrameHeader(into: Uint8Array, header: FrameHeader): void {
  const view = new DataView(into.buffer, into.byteOffset, frameHeaderBytes);
  view.setUint8(0, frameKind);
  view.setUint8(1, header.table);
  view.setUint16(2, header.flags, true);
  view.setUint32(4, header.seq, true);
}

/** A frame: its header and the Arrow bytes that follow. */
export function encodeFrame(header: FrameHeader, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(frameHeaderBytes + body.byteLength);
  writeFrameHeader(frame, header);
  frame.set(body, frameHeaderBytes);
  return frame;
}

/** Reads a frame's header. Throws `bad-frame` on anything that is not a frame. */
export function readFrameHeader(frame: Uint8Array): FrameHeader {
  if (frame.byteLength < frameHeaderBytes)
    throw new ArchitechError(
      "bad-frame",
      `a frame has at least ${frameHeaderBytes} bytes, this one has ${frame.byteLength}`,
    );
  const view = new DataView(frame.buffer, frame.byteOffset, frameHeaderBytes);
  if (view.getUint8(0) !== frameKind)
    throw new ArchitechError("bad-frame", `a frame begins with ${frameKind}, not with ${view.getUint8(0)}`);
  const table = view.getUint8(1);
  if (table > tableNumbers.thinned)
    throw new ArchitechError("bad-frame", `table ${table} does not exist; the last one is ${tableNumbers.thinned}`);
  return { table, flags: view.getUint16(2, true), seq: view.getUint32(4, true) };
}

/** Whether the frame opens its table. */
export function isSchemaFrame(header: FrameHeader): boolean {
  return (header.flags & frameFlags.schema) !== 0;
}

/** Whether the frame stands for some of the stream, see `frameFlags`. */
export function isThinnedFrame(header: FrameHeader): boolean {
  return (header.flags & frameFlags.thinned) !== 0;
}

/** The Arrow bytes of a frame, aligned to eight bytes (copied only where the frame itself is not). */
export function frameBody(frame: Uint8Array): Uint8Array {
  const body = frame.subarray(frameHeaderBytes);
  return body.byteOffset % 8 === 0 ? body : body.slice();
}
