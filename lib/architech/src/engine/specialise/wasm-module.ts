import { ByteReader, ByteWriter } from "./bytes.js";
import { op, type ValueType } from "./flow.js";

/** What of a module's binary is needed to read and to replace one of its functions. */
export interface WasmModule {
  readonly bytes: Uint8Array;
  /** The section of code: where its content begins and ends. */
  readonly code: { readonly header: number; readonly from: number; readonly to: number };
  /** Where the body of each function of its own begins and ends. */
  readonly bodies: readonly { readonly from: number; readonly to: number }[];
  readonly imported: number;
  /** Of each function, the imported ones first. */
  readonly signatures: readonly Signature[];
  readonly globals: readonly ValueType[];
  readonly exported: ReadonlyMap<string, number>;
}

export interface Signature {
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
}

const section = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
const functionKind = 0;

/** Reads the outline of a module that imports at most memories and functions. */
export function outline(bytes: Uint8Array): WasmModule {
  const reader = new ByteReader(bytes, 8);
  const types: Signature[] = [];
  const signatures: Signature[] = [];
  const exported = new Map<string, number>();
  const globals: ValueType[] = [];
  const bodies: { from: number; to: number }[] = [];
  let imported = 0;
  let code = { header: 0, from: 0, to: 0 };
  const text = (): string => {
    const length = reader.whole();
    reader.skip(length);
    return String.fromCharCode(...reader.slice(reader.at - length, reader.at));
  };
  const limits = (): void => {
    const flags = reader.whole();
    reader.whole();
    if (flags & 1) reader.whole();
  };
  while (reader.at < reader.end) {
    const header = reader.at;
    const kind = reader.byte();
    const length = reader.whole();
    const to = reader.at + length;
    if (kind === section.type)
      for (let count = reader.whole(); count > 0; count--) {
        reader.byte();
        const list = (): ValueType[] => Array.from({ length: reader.whole() }, () => reader.byte() as ValueType);
        types.push({ takes: list(), gives: list() });
      }
    else if (kind === section.import)
      for (let count = reader.whole(); count > 0; count--) {
        text();
        text();
        if (reader.byte() === functionKind) {
          signatures.push(types[reader.whole()]!);
          imported++;
        } else limits();
      }
    else if (kind === section.function)
      for (let count = reader.whole(); count > 0; count--) signatures.push(types[reader.whole()]!);
    else if (kind === section.global)
      for (let count = reader.whole(); count > 0; count--) {
        globals.push(reader.byte() as ValueType);
        reader.byte();
        if (reader.byte() === op.f64) reader.double();
        else reader.signed();
        reader.byte();
      }
    else if (kind === section.export)
      for (let count = reader.whole(); count > 0; count--) {
        const name = text();
        const exports = reader.byte();
        const index = reader.whole();
        if (exports === functionKind) exported.set(name, index);
      }
    else if (kind === section.code) {
      code = { header, from: reader.at, to };
      for (let count = reader.whole(); count > 0; count--) {
        const size = reader.whole();
        bodies.push({ from: reader.at, to: reader.at + size });
        reader.skip(size);
      }
    }
    reader.at = to;
  }
  return { bytes, code, bodies, imported, signatures, globals, exported };
}

/** The module with another body for one of its functions. */
export function withBody({ bytes, code, bodies, imported }: WasmModule, index: number, body: Uint8Array): Uint8Array {
  const content = new ByteWriter();
  content.whole(bodies.length);
  for (const [i, { from, to }] of bodies.entries()) {
    const own = i === index - imported ? body : bytes.subarray(from, to);
    content.whole(own.length);
    content.bytes(own);
  }
  const all = new ByteWriter();
  all.bytes(bytes.subarray(0, code.header));
  all.byte(section.code);
  all.whole(content.length);
  all.bytes(content.taken());
  all.bytes(bytes.subarray(code.to));
  return all.taken().slice();
}
