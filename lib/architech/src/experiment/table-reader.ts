import { type Field, MessageHeader, RecordBatchReader, type Schema } from "apache-arrow";
import { arrowMessages } from "./arrow-messages.js";
import type { FixedColumn } from "./fixed-table.js";
import type { ColumnData } from "./record-batch.js";

/** Rows of one record batch, as columns that share the batch's memory. */
export interface FixedBatch {
  readonly rows: number;
  readonly columns: readonly ColumnData[];
}

/** Reads the record batches of a table of fixed-width columns, given the bytes that open it. */
export class TableReader {
  readonly columns: readonly FixedColumn[];
  /** Number of each column by its name. */
  readonly index: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;

  constructor(opening: Uint8Array) {
    const reader = RecordBatchReader.from(opening);
    reader.open();
    // Reading on, to the end, is what takes in the dictionaries.
    reader.next();
    const schema: Schema = reader.schema;
    this.columns = schema.fields.map((field) => columnOf(field, reader.dictionaries));
    this.index = new Map(this.columns.map((column, i) => [column.name, i]));
    this.metadata = schema.metadata;
  }

  /** The rows of a record batch message. */
  read(bytes: Uint8Array): FixedBatch {
    const message = arrowMessages(bytes).find(({ type }) => type === MessageHeader.RecordBatch);
    if (message === undefined) return { rows: 0, columns: this.columns.map(() => new Float64Array(0)) };
    const columns = this.columns.map((column, i) => {
      const at = bytes.byteOffset + message.body + (message.buffers[2 * i + 1] ?? 0);
      return column.type === "float64"
        ? new Float64Array(bytes.buffer, at, message.rows)
        : new Int32Array(bytes.buffer, at, message.rows);
    });
    return { rows: message.rows, columns };
  }
}

function columnOf(field: Field, dictionaries: Map<number, { toArray(): unknown }>): FixedColumn {
  const unit = field.metadata.get("unit");
  const type = field.type as { id?: number; bitWidth?: number };
  const base = { name: field.name, ...(unit === undefined ? {} : { unit }) };
  if (type.id !== undefined && dictionaries.has(type.id) && "dictionary" in type)
    return { ...base, type: "dictionary", values: [...(dictionaries.get(type.id) as unknown as Iterable<string>)] };
  return { ...base, type: type.bitWidth === 32 ? "int32" : "float64" };
}
