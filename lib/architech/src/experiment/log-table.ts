import type { TableColumn } from "./fixed-table.js";
import { recordBatchMessage, textData } from "./record-batch.js";
import type { LogRow } from "./stream-tables.js";
import { tableOpening } from "./table-opening.js";
import { TableReader } from "./table-reader.js";

const columns: readonly TableColumn[] = [
  { name: "point", type: "int32" },
  { name: "replication", type: "int32" },
  { name: "code", type: "text" },
  { name: "node", type: "text" },
  { name: "message", type: "text" },
];

/** `log`: what is to be known of single tasks. */
export const logTable = {
  /** The message that opens the stream. */
  opening(): Uint8Array<ArrayBuffer> {
    return tableOpening({ columns, metadata: {} });
  },

  rows(rows: readonly LogRow[]): Uint8Array<ArrayBuffer> {
    return recordBatchMessage([
      Int32Array.from(rows, ({ point }) => point),
      Int32Array.from(rows, ({ replication }) => replication),
      textData(rows.map(({ code }) => code)),
      textData(rows.map(({ node }) => node)),
      textData(rows.map(({ message }) => message)),
    ]);
  },

  /** Rows of a batch, given the bytes that open the table. */
  read(opening: Uint8Array, batch: Uint8Array): LogRow[] {
    const reader = new TableReader(opening);
    const { rows, columns: numbers } = reader.read(batch);
    const [code, node, message] = ["code", "node", "message"].map((name) => reader.texts(batch, name));
    return Array.from({ length: rows }, (_, i) => ({
      point: numbers[0]?.[i] ?? 0,
      replication: numbers[1]?.[i] ?? 0,
      code: code?.[i] ?? "",
      node: node?.[i] ?? "",
      message: message?.[i] ?? "",
    }));
  },
};
