import { messageType } from "./arrow-messages.js";
import type { TableColumn } from "./fixed-table.js";
import { type FlatNode, type FlatNumber, flatBuffer } from "./flat-writer.js";
import { textData } from "./record-batch.js";

// What follows is Arrow's Message.fbs and Schema.fbs: slots in their order, enumerations by their numbers.
const byte = (value: number): FlatNumber => ({ bytes: 1, value });
const short = (value: number): FlatNumber => ({ bytes: 2, value });
const int = (value: number): FlatNumber => ({ bytes: 4, value });
const long = (value: number): FlatNumber => ({ bytes: 8, value });

const version5 = short(4);
/** Numbers and tables of the types that there are here. */
const types = {
  int32: { number: byte(2), table: { slots: [int(32), byte(1)], shared: true } },
  float64: { number: byte(3), table: { slots: [short(2)], shared: true } },
  float32: { number: byte(3), table: { slots: [short(1)], shared: true } },
  text: { number: byte(5), table: { slots: [], shared: true } },
} as const;
const fixedSizeList = byte(16);
const noChildren: FlatNode = { list: [], shared: true };

/** The messages that open a table's Arrow IPC stream: the schema and the dictionaries. */
export function tableOpening({
  columns,
  metadata,
}: {
  readonly columns: readonly TableColumn[];
  readonly metadata: Readonly<Record<string, string>>;
}): Uint8Array<ArrayBuffer> {
  const units = new Map<string, FlatNode>();
  const unitOf = ({ unit }: TableColumn): FlatNode | undefined => {
    if (unit === undefined) return undefined;
    if (!units.has(unit)) units.set(unit, { ...pairs({ unit }), shared: true });
    return units.get(unit);
  };
  const fields = columns.map((column, i): FlatNode => {
    if (column.type === "float32s") {
      const { number, table } = types.float32;
      const child: FlatNode = { slots: [{ text: "item" }, undefined, number, table, undefined, noChildren] };
      const list: FlatNode = { slots: [int(column.each ?? 0)] };
      const slots = [
        { text: column.name },
        undefined,
        fixedSizeList,
        list,
        undefined,
        { list: [child] },
        unitOf(column),
      ];
      return { slots };
    }
    const { number, table } = types[column.type === "dictionary" ? "text" : column.type];
    const dictionary: FlatNode | undefined =
      column.type === "dictionary" ? { slots: [long(i), types.int32.table] } : undefined;
    return { slots: [{ text: column.name }, undefined, number, table, dictionary, noChildren, unitOf(column)] };
  });
  const schema: FlatNode = { slots: [undefined, { list: fields }, pairs(metadata)] };
  const messages = [message(messageType.schema, schema)];
  for (const [i, column] of columns.entries())
    if (column.type === "dictionary") messages.push(dictionaryMessage(i, column.values ?? []));
  return joined(messages);
}

/** Metadata: keys and values. */
function pairs(values: Readonly<Record<string, string>>): { readonly list: readonly FlatNode[] } {
  return { list: Object.entries(values).map(([key, text]) => ({ slots: [{ text: key }, { text }] })) };
}

function dictionaryMessage(id: number, texts: readonly string[]): Uint8Array {
  const { offsets, bytes } = textData(texts);
  const textsAt = padded(offsets.byteLength);
  const body = new Uint8Array(textsAt + padded(bytes.byteLength));
  body.set(new Uint8Array(offsets.buffer));
  body.set(bytes, textsAt);
  const buffers: FlatNode = {
    pairs: [
      [0, 0],
      [0, offsets.byteLength],
      [textsAt, bytes.byteLength],
    ],
  };
  const batch: FlatNode = { slots: [long(texts.length), { pairs: [[texts.length, 0]] }, buffers] };
  return message(messageType.dictionary, { slots: [long(id), batch] }, body);
}

/** A message with its marks: continuation, length, metadata, body. */
function message(type: number, header: FlatNode, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = flatBuffer({ slots: [version5, byte(type), header, long(body.byteLength)] });
  const bytes = new Uint8Array(8 + head.byteLength + body.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xffff_ffff, true);
  view.setUint32(4, head.byteLength, true);
  bytes.set(head, 8);
  bytes.set(body, 8 + head.byteLength);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((total, { byteLength }) => total + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}
