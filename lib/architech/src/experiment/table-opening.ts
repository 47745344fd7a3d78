import {
  Dictionary,
  Field,
  Float64,
  Int32,
  MessageHeader,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { arrowMessages } from "./arrow-messages.js";
import type { FixedColumn, FixedTable } from "./fixed-table.js";

/** The messages that open a table's Arrow IPC stream: the schema and the dictionaries. */
export function tableOpening({ columns, metadata }: FixedTable): Uint8Array<ArrayBuffer> {
  const fields = columns.map(
    (column, i) =>
      new Field(
        column.name,
        typeOf(column, i),
        false,
        column.unit === undefined ? null : new Map([["unit", column.unit]]),
      ),
  );
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const children = columns.map((column, i) => {
    const type = fields[i]?.type;
    if (column.type === "dictionary")
      return makeData({
        type: type as Dictionary<Utf8, Int32>,
        length: 1,
        nullCount: 0,
        data: new Int32Array(1),
        dictionary: vectorFromArray([...(column.values ?? [])], new Utf8()),
      });
    if (column.type === "int32")
      return makeData({ type: new Int32(), length: 1, nullCount: 0, data: new Int32Array(1) });
    return makeData({ type: new Float64(), length: 1, nullCount: 0, data: new Float64Array(1) });
  });
  // A stream of one row, up to its record batch: dictionaries are written only where a batch needs them.
  const data = makeData({ type: new Struct(fields), length: 1, nullCount: 0, children });
  const bytes = tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), "stream") as Uint8Array<ArrayBuffer>;
  return bytes.slice(0, arrowMessages(bytes).find(({ type }) => type === MessageHeader.RecordBatch)?.start);
}

function typeOf(column: FixedColumn, id: number): Float64 | Int32 | Dictionary<Utf8, Int32> {
  if (column.type === "float64") return new Float64();
  return column.type === "int32" ? new Int32() : new Dictionary(new Utf8(), new Int32(), id);
}
