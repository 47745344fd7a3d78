import {
  Field,
  Int32,
  MessageHeader,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { arrowMessages } from "./arrow-messages.js";
import type { LogRow } from "./stream-tables.js";

const schema = new Schema([
  new Field("point", new Int32(), false),
  new Field("replication", new Int32(), false),
  new Field("code", new Utf8(), false),
  new Field("node", new Utf8(), false),
  new Field("message", new Utf8(), false),
]);

/** `log`: what is to be known of single tasks. */
export const logTable = {
  /** The message that opens the stream. */
  opening(): Uint8Array<ArrayBuffer> {
    const bytes = encode([]);
    return bytes.slice(0, arrowMessages(bytes)[0]?.end);
  },

  rows(rows: readonly LogRow[]): Uint8Array<ArrayBuffer> {
    const bytes = encode(rows);
    const batch = arrowMessages(bytes).find(({ type }) => type === MessageHeader.RecordBatch);
    return bytes.slice(batch?.start, batch?.end);
  },

  /** Rows of a batch, given the bytes that open the table. */
  read(opening: Uint8Array, batch: Uint8Array): LogRow[] {
    return tableFromIPC([opening, batch])
      .toArray()
      .map((row: LogRow) => ({
        point: row.point,
        replication: row.replication,
        code: row.code,
        node: row.node,
        message: row.message,
      }));
  },
};

function encode(rows: readonly LogRow[]): Uint8Array<ArrayBuffer> {
  const texts = (pick: (row: LogRow) => string): ReturnType<typeof makeData> =>
    vectorFromArray(rows.map(pick), new Utf8()).data[0] ?? makeData({ type: new Utf8(), length: 0 });
  const numbers = (pick: (row: LogRow) => number): ReturnType<typeof makeData> =>
    makeData({ type: new Int32(), length: rows.length, nullCount: 0, data: Int32Array.from(rows, pick) });
  const children = [
    numbers((row) => row.point),
    numbers((row) => row.replication),
    texts((row) => row.code),
    texts((row) => row.node),
    texts((row) => row.message),
  ];
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), "stream") as Uint8Array<ArrayBuffer>;
}
