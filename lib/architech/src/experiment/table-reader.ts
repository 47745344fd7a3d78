import { arrowMessages, batchParts, type MessagePlace, messageType } from "./arrow-messages.js";
import type { TableColumn } from "./fixed-table.js";
import type { FlatTable } from "./flat-table.js";
import type { ColumnData } from "./record-batch.js";

/** Rows of one record batch, as columns that share the batch's memory. Of texts there is where they lie, see `texts`. */
export interface FixedBatch {
  readonly rows: number;
  readonly columns: readonly ColumnData[];
}

const decoder = new TextDecoder();

/** Reads the record batches of a table, given the bytes that open it. */
export class TableReader {
  readonly columns: readonly TableColumn[];
  /** Number of each column by its name. */
  readonly index: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  /** The buffer of each column that comes behind its validities. */
  readonly #buffers: readonly number[];

  constructor(opening: Uint8Array) {
    const messages = arrowMessages(opening);
    const dictionaries = new Map<number, readonly string[]>();
    for (const place of messages)
      if (place.type === messageType.dictionary) dictionaries.set(place.header.long(0), dictionary(opening, place));
    const schema = messages.find(({ type }) => type === messageType.schema)?.header;
    this.columns = (schema?.tables(1) ?? []).map((field) => columnOf(field, dictionaries));
    this.index = new Map(this.columns.map(({ name }, i) => [name, i]));
    this.metadata = pairs(schema, 2);
    let buffer = 1;
    this.#buffers = this.columns.map(({ type }) => {
      // A list has a child with a validity of its own; behind the places of texts come their bytes.
      const first = type === "float32s" ? buffer + 1 : buffer;
      buffer += type === "text" || type === "float32s" ? 3 : 2;
      return first;
    });
  }

  /** The rows of a record batch message. */
  read(bytes: Uint8Array): FixedBatch {
    const message = recordBatch(bytes);
    if (message === undefined) return { rows: 0, columns: this.columns.map(() => new Float64Array(0)) };
    const { rows, buffers } = batchParts(message.header);
    const columns = this.columns.map(({ type, each = 0 }, i) => {
      const at = bytes.byteOffset + message.body + (buffers[this.#buffers[i] ?? 0] ?? 0);
      if (type === "float64") return new Float64Array(bytes.buffer, at, rows);
      if (type === "float32s") return new Float32Array(bytes.buffer, at, rows * each);
      return new Int32Array(bytes.buffer, at, type === "text" ? rows + 1 : rows);
    });
    return { rows, columns };
  }

  /** The texts of a column of texts in a record batch message. */
  texts(bytes: Uint8Array, name: string): string[] {
    const message = recordBatch(bytes);
    if (message === undefined) return [];
    const { rows, buffers } = batchParts(message.header);
    return textsOf(bytes, message.body, rows, buffers, this.#buffers[this.index.get(name) ?? 0] ?? 0);
  }
}

function recordBatch(bytes: Uint8Array): MessagePlace | undefined {
  return arrowMessages(bytes).find(({ type }) => type === messageType.recordBatch);
}

function columnOf(field: FlatTable, dictionaries: ReadonlyMap<number, readonly string[]>): TableColumn {
  const name = field.text(0);
  const unit = pairs(field, 6).get("unit");
  const base = { name, ...(unit === undefined ? {} : { unit }) };
  const encoding = field.table(4);
  if (encoding !== undefined) return { ...base, type: "dictionary", values: dictionaries.get(encoding.long(0)) ?? [] };
  // The numbers of Schema.fbs: integers, texts, and lists of one length.
  const type = field.byte(2);
  if (type === 16) return { ...base, type: "float32s", each: field.table(3)?.int(0) ?? 0 };
  return { ...base, type: type === 5 ? "text" : type === 2 ? "int32" : "float64" };
}

/** The texts of a dictionary message. */
function dictionary(bytes: Uint8Array, { header, body }: MessagePlace): string[] {
  const batch = header.table(1);
  if (batch === undefined) return [];
  const { rows, buffers } = batchParts(batch);
  return textsOf(bytes, body, rows, buffers, 1);
}

/** Texts, given the buffer of their places, which that of their bytes follows. */
function textsOf(bytes: Uint8Array, body: number, rows: number, buffers: readonly number[], places: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + body + (buffers[places] ?? 0));
  const from = body + (buffers[places + 1] ?? 0);
  return Array.from({ length: rows }, (_, i) =>
    decoder.decode(bytes.subarray(from + view.getInt32(4 * i, true), from + view.getInt32(4 * i + 4, true))),
  );
}

/** Metadata in a slot. */
function pairs(table: FlatTable | undefined, slot: number): Map<string, string> {
  return new Map((table?.tables(slot) ?? []).map((pair) => [pair.text(0), pair.text(1)]));
}
