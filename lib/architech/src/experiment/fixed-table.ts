import { type ColumnData, recordBatchMessage } from "./record-batch.js";

/** A column whose every value has the same width. `values`: the texts that an int32 index stands for. */
export interface FixedColumn {
  readonly name: string;
  readonly type: "float64" | "int32" | "dictionary";
  readonly values?: readonly string[];
  /** Kept in the field's metadata. */
  readonly unit?: string;
}

/** A table of fixed-width columns without nulls: what it is made of, and its record batches. */
export class FixedTable {
  readonly columns: readonly FixedColumn[];
  readonly metadata: Readonly<Record<string, string>>;

  constructor(columns: readonly FixedColumn[], metadata: Readonly<Record<string, string>> = {}) {
    this.columns = columns;
    this.metadata = metadata;
  }

  /** The message of one record batch. Columns in the order of the table, all of the same length, which is not zero. */
  batch(columns: readonly ColumnData[]): Uint8Array<ArrayBuffer> {
    return recordBatchMessage(columns);
  }
}
