/** Names that belong together, ever more of them: a disjoint-set forest (Galler and Fischer, 1964). */
export class Groups {
  readonly #of = new Map<string, string>();

  constructor(names: Iterable<string>) {
    for (const name of names) this.#of.set(name, name);
  }

  /** The name that stands for the group of this one. */
  of(name: string): string {
    let root = name;
    for (let next = this.#of.get(root)!; next !== root; next = this.#of.get(root)!) root = next;
    for (let at = name; at !== root; ) {
      const next = this.#of.get(at)!;
      this.#of.set(at, root);
      at = next;
    }
    return root;
  }

  /** From now on the two belong together. */
  join(a: string, b: string): void {
    this.#of.set(this.of(b), this.of(a));
  }

  /** Another one that begins as this one is. */
  copy(): Groups {
    const copy = new Groups([]);
    for (const [name, above] of this.#of) copy.#of.set(name, above);
    return copy;
  }
}
