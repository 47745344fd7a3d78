/** A number in a table, and how many bytes it has. */
export interface FlatNumber {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: number;
}

/** What a flatbuffer is made of. One that stands in several places is written once where it says `shared`. */
export type FlatNode =
  | { readonly slots: readonly (FlatNumber | FlatNode | undefined)[]; readonly shared?: boolean }
  | { readonly list: readonly FlatNode[]; readonly shared?: boolean }
  | { readonly text: string; readonly shared?: boolean }
  /** Structs of two long integers. */
  | { readonly pairs: readonly (readonly [number, number])[]; readonly shared?: boolean };

/** Where the slots of tables of one form lie. */
interface Form {
  readonly vtable: number;
  readonly places: readonly number[];
  readonly size: number;
}

const encoder = new TextEncoder();

/** The bytes of a flatbuffer: tables, lists and texts, each behind whatever refers to it, as its format wants it. */
export function flatBuffer(root: FlatNode): Uint8Array<ArrayBuffer> {
  const writer = new FlatWriter();
  writer.refer(writer.take(8, 8), root);
  return writer.finish();
}

class FlatWriter {
  #bytes = new Uint8Array(8192);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  readonly #forms = new Map<number, Form>();
  readonly #awaited: { readonly from: number; readonly node: FlatNode }[] = [];
  readonly #shared = new Map<FlatNode, number[]>();

  /** Makes room at a multiple of `align`. */
  take(size: number, align: number): number {
    const at = (this.#end + align - 1) & -align;
    this.#end = at + size;
    if (this.#end > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#end);
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  /** The place `from` refers to a node, which is written further down. */
  refer(from: number, node: FlatNode): void {
    if (node.shared !== true) this.#awaited.push({ from, node });
    else if (this.#shared.has(node)) this.#shared.get(node)!.push(from);
    else this.#shared.set(node, [from]);
  }

  finish(): Uint8Array<ArrayBuffer> {
    for (;;) {
      for (let i = 0; i < this.#awaited.length; i++) {
        const { from, node } = this.#awaited[i]!;
        // Writing may move all of it.
        const at = this.#write(node);
        this.#view.setUint32(from, at - from, true);
      }
      this.#awaited.length = 0;
      // Offsets only go forward, so what is shared comes behind all that refers to it.
      const [next] = this.#shared;
      if (next === undefined) break;
      const [node, places] = next;
      this.#shared.delete(node);
      const at = this.#write(node);
      for (const from of places) this.#view.setUint32(from, at - from, true);
    }
    this.take(0, 8);
    return this.#bytes.slice(0, this.#end);
  }

  #write(node: FlatNode): number {
    if ("slots" in node) return this.#table(node.slots);
    if ("text" in node) return this.#text(node.text);
    const length = "list" in node ? node.list.length : node.pairs.length;
    // The first pair stands at a multiple of eight, the length before it.
    const at = "list" in node ? this.take(4 + 4 * length, 4) : this.take(8 + 16 * length, 8) + 4;
    this.#view.setUint32(at, length, true);
    if ("list" in node) for (const [i, each] of node.list.entries()) this.refer(at + 4 + 4 * i, each);
    else
      for (const [i, [first, second]] of node.pairs.entries()) {
        this.#put(at + 4 + 16 * i, { bytes: 8, value: first });
        this.#put(at + 12 + 16 * i, { bytes: 8, value: second });
      }
    return at;
  }

  #text(text: string): number {
    const bytes = encoder.encode(text);
    const at = this.take(4 + bytes.length + 1, 4);
    this.#view.setUint32(at, bytes.length, true);
    this.#bytes.set(bytes, at + 4);
    return at;
  }

  #table(slots: readonly (FlatNumber | FlatNode | undefined)[]): number {
    const { vtable, places, size } = this.#form(slots);
    const at = this.take(size, 8);
    this.#view.setInt32(at, at - vtable, true);
    for (const [i, slot] of slots.entries()) {
      if (slot === undefined) continue;
      if ("bytes" in slot) this.#put(at + places[i]!, slot);
      else this.refer(at + places[i]!, slot);
    }
    return at;
  }

  /** Lays out a table, the widest slots first, and writes what says so, once for each form. */
  #form(slots: readonly (FlatNumber | FlatNode | undefined)[]): Form {
    const widths = slots.map((slot) => (slot === undefined ? 0 : "bytes" in slot ? slot.bytes : 4));
    const key = widths.reduce((sum: number, width) => 16 * sum + width + 1, 0);
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const places = widths.map(() => 0);
    let size = 4;
    for (const width of [8, 4, 2, 1])
      for (const [i, each] of widths.entries()) {
        if (each !== width) continue;
        size = (size + width - 1) & -width;
        places[i] = size;
        size += width;
      }
    const vtable = this.take(4 + 2 * slots.length, 2);
    this.#view.setUint16(vtable, 4 + 2 * slots.length, true);
    this.#view.setUint16(vtable + 2, size, true);
    for (const [i, place] of places.entries()) this.#view.setUint16(vtable + 4 + 2 * i, place, true);
    const form = { vtable, places, size };
    this.#forms.set(key, form);
    return form;
  }

  #put(at: number, { bytes, value }: FlatNumber): void {
    if (bytes === 1) this.#view.setUint8(at, value);
    else if (bytes === 2) this.#view.setInt16(at, value, true);
    else {
      this.#view.setInt32(at, value, true);
      if (bytes === 8) this.#view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
    }
  }
}
