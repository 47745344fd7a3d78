/** What a column is filled with: float64, int32 (values, or indices into a dictionary), or lists of float32. */
export type ColumnData = Float64Array | Int32Array | Float32Array;

/** Texts, one behind the other. */
export interface TextData {
  readonly length: number;
  /** Where each text begins, and the last one ends. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

type Column = Float64Array | Int32Array | TextData | ListData;

// Arrow's Message.fbs and Schema.fbs: MetadataVersion.V5, MessageHeader.RecordBatch.
const version = 4;
const recordBatch = 3;
/** Where the vector of nodes begins in the metadata laid out below. */
const nodesAt = 72;

/** Lists of the same length, one behind the other. */
export interface ListData {
  /** How many lists there are. */
  readonly length: number;
  readonly lists: Float32Array;
}

/**
 * A record batch of columns without nulls as a message of an Arrow IPC stream. The metadata is a flatbuffer of fixed
 * layout, written in place: a row of two hundred columns takes microseconds.
 */
export function recordBatchMessage(columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const nodes = columns.flatMap((column) => ("lists" in column ? [column.length, column.lists.length] : column.length));
  const count = nodes.length;
  const rows = columns[0]?.length ?? 0;
  const buffers = buffersOf(columns);
  const buffersAt = nodesAt + 16 * count + 8;
  const headBytes = buffersAt + 16 * buffers.length;
  let bodyBytes = 0;
  for (const buffer of buffers) bodyBytes += padded(buffer.byteLength);
  const bytes = new Uint8Array(8 + headBytes + bodyBytes);
  const view = new DataView(bytes.buffer, 8, headBytes);
  const put16 = (at: number, ...values: number[]): void => {
    for (const [i, value] of values.entries()) view.setUint16(at + 2 * i, value, true);
  };
  const put32 = (at: number, value: number): void => view.setUint32(at, value, true);
  const put64 = (at: number, value: number): void => {
    view.setUint32(at, value >>> 0, true);
    view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
  };
  new DataView(bytes.buffer).setUint32(0, 0xffff_ffff, true);
  new DataView(bytes.buffer).setUint32(4, headBytes, true);
  put32(0, 16); // the root: a Message
  put16(4, 12, 20, 16, 18, 4, 8); // its vtable: version, header type, header, body length
  put32(16, 12);
  put32(20, 48 - 20);
  put64(24, bodyBytes);
  put16(32, version);
  view.setUint8(34, recordBatch);
  put16(36, 10, 20, 8, 4, 16); // vtable of the RecordBatch: length, nodes, buffers
  put32(48, 12);
  put32(52, nodesAt - 4 - 52);
  put64(56, rows);
  put32(64, buffersAt - 4 - 64);
  put32(nodesAt - 4, count);
  put32(buffersAt - 4, buffers.length);
  for (let i = 0; i < count; i++) put32(nodesAt + 16 * i, nodes[i]!);
  let place = 0;
  let at = buffersAt;
  for (const buffer of buffers) {
    put64(at, place);
    put64(at + 8, buffer.byteLength);
    bytes.set(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength), 8 + headBytes + place);
    place += padded(buffer.byteLength);
    at += 16;
  }
  return bytes;
}

/**
 * Record batches of one row of fixed width, as `recordBatchMessage` would write them. What is before the values is the same
 * in all of them and is written once.
 */
export class RowMessages {
  readonly #columns: readonly (Float64Array | Int32Array)[];
  #empty: Uint8Array<ArrayBuffer> | undefined;

  /** `columns`: one of each column's type, of length 1. */
  constructor(columns: readonly (Float64Array | Int32Array)[]) {
    this.#columns = columns;
  }

  /** A value for each column. */
  message(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
    const bytes = (this.#empty ??= recordBatchMessage(this.#columns)).slice();
    // Each value takes eight bytes, at the end.
    const body = new DataView(bytes.buffer, bytes.length - 8 * this.#columns.length);
    for (let i = 0; i < this.#columns.length; i++)
      if (this.#columns[i] instanceof Int32Array) body.setInt32(8 * i, values[i]!, true);
      else body.setFloat64(8 * i, values[i]!, true);
    return bytes;
  }
}

/** Texts as the data of a column. */
export function textData(texts: readonly string[]): TextData {
  const encoder = new TextEncoder();
  const encoded = texts.map((text) => encoder.encode(text));
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of encoded.entries()) offsets[i + 1] = offsets[i]! + length;
  const bytes = new Uint8Array(offsets[texts.length]!);
  for (const [i, text] of encoded.entries()) bytes.set(text, offsets[i]);
  return { length: texts.length, offsets, bytes };
}

/** Stands for the validity of a column without nulls. */
const nothing = new Uint8Array(0);

function buffersOf(columns: readonly Column[]): (ColumnData | Uint8Array)[] {
  const buffers: (ColumnData | Uint8Array)[] = [];
  for (const column of columns)
    if ("offsets" in column) buffers.push(nothing, column.offsets, column.bytes);
    else if ("lists" in column) buffers.push(nothing, nothing, column.lists);
    else buffers.push(nothing, column);
  return buffers;
}

/** Buffers begin at multiples of eight bytes. */
function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}
