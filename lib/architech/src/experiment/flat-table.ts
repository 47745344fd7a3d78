const decoder = new TextDecoder();

/** A table of a flatbuffer, read where it lies. A slot that is not there reads as nothing: 0, "", no elements. */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #vtable: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#vtable = at - view.getInt32(at, true);
  }

  /** The table that a flatbuffer begins with. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  byte(slot: number): number {
    const at = this.#place(slot);
    return at === 0 ? 0 : this.#view.getUint8(at);
  }

  short(slot: number): number {
    const at = this.#place(slot);
    return at === 0 ? 0 : this.#view.getInt16(at, true);
  }

  int(slot: number): number {
    const at = this.#place(slot);
    return at === 0 ? 0 : this.#view.getInt32(at, true);
  }

  long(slot: number): number {
    const at = this.#place(slot);
    return at === 0 ? 0 : this.#longAt(at);
  }

  text(slot: number): string {
    const at = this.#target(slot);
    if (at === 0) return "";
    const { buffer, byteOffset } = this.#view;
    return decoder.decode(new Uint8Array(buffer, byteOffset + at + 4, this.#view.getUint32(at, true)));
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#target(slot);
    return at === 0 ? undefined : new FlatTable(this.#view, at);
  }

  tables(slot: number): FlatTable[] {
    const at = this.#target(slot);
    if (at === 0) return [];
    return Array.from({ length: this.#view.getUint32(at, true) }, (_, i) => {
      const from = at + 4 + 4 * i;
      return new FlatTable(this.#view, from + this.#view.getUint32(from, true));
    });
  }

  /** The first of the two long integers of each struct in a list. */
  firsts(slot: number): number[] {
    const at = this.#target(slot);
    if (at === 0) return [];
    return Array.from({ length: this.#view.getUint32(at, true) }, (_, i) => this.#longAt(at + 4 + 16 * i));
  }

  #place(slot: number): number {
    const entry = 4 + 2 * slot;
    if (entry >= this.#view.getUint16(this.#vtable, true)) return 0;
    const place = this.#view.getUint16(this.#vtable + entry, true);
    return place === 0 ? 0 : this.#at + place;
  }

  #target(slot: number): number {
    const at = this.#place(slot);
    return at === 0 ? 0 : at + this.#view.getUint32(at, true);
  }

  #longAt(at: number): number {
    return this.#view.getUint32(at, true) + this.#view.getInt32(at + 4, true) * 2 ** 32;
  }
}
