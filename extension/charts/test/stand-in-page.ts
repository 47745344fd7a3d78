/** An element of a page, as far as a line of text with a button needs it. */
export class StandInElement {
  readonly dataset: Record<string, string> = {};
  readonly children: StandInElement[] = [];
  readonly attributes = new Map<string, string>();
  readonly localName: string;
  className = "";
  hidden = false;
  textContent = "";
  max = 1;
  #listeners: (() => void)[] = [];

  constructor(name: string) {
    this.localName = name;
  }

  set value(value: number) {
    this.attributes.set("value", String(value));
  }

  append(...children: StandInElement[]): void {
    this.children.push(...children);
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  addEventListener(_name: string, listener: () => void): void {
    this.#listeners.push(listener);
  }

  click(): void {
    for (const listener of this.#listeners) listener();
  }

  child(name: string): StandInElement {
    const found = this.children.find(({ localName }) => localName === name);
    if (found === undefined) throw new Error(`no ${name} here`);
    return found;
  }
}
