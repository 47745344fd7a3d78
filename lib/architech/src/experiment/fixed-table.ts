import { type ListData, RowMessages, recordBatchMessage } from "./record-batch.js";

/** A column. `values`: the texts that an int32 index stands for, of a dictionary. */
export interface TableColumn {
  readonly name: string;
  readonly type: "float64" | "int32" | "dictionary" | "text" | "float32s";
  readonly values?: readonly string[];
  /** How many numbers a value has, of `float32s`. */
  readonly each?: number;
  /** Kept in the field's metadata. */
  readonly unit?: string;
}

/** A column whose every value has the same width. */
export interface FixedColumn extends TableColumn {
  readonly type: "float64" | "int32" | "dictionary" | "float32s";
}

/** A table of fixed-width columns without nulls: what it is made of, and its record batches. */
export class FixedTable {
  readonly columns: readonly FixedColumn[];
  readonly metadata: Readonly<Record<string, string>>;
  #rows: RowMessages | undefined;

  constructor(columns: readonly FixedColumn[], metadata: Readonly<Record<string, string>> = {}) {
    this.columns = columns;
    this.metadata = metadata;
  }

  /** The message of one record batch. Columns in the order of the table, all of the same length, which is not zero. */
  batch(columns: readonly (Float64Array | Int32Array | ListData)[]): Uint8Array<ArrayBuffer> {
    return recordBatchMessage(columns);
  }

  /** The message of one record batch with one row. */
  one(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
    this.#rows ??= new RowMessages(
      this.columns.map(({ type }) => (type === "float64" ? new Float64Array(1) : new Int32Array(1))),
    );
    return this.#rows.message(values);
  }
}
