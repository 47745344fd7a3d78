import type { TableName } from "@architech/protocol";

interface Waiting {
  readonly batches: { readonly table: TableName; readonly bytes: Uint8Array }[];
  ended: boolean;
}

/**
 * Puts what tasks give into the order of their numbers: the first unfinished task's rows pass at once, those of later
 * tasks wait for it. So the stream does not depend on which worker was quicker.
 */
export class Sequencer {
  readonly #pass: (task: number, table: TableName, bytes: Uint8Array) => void;
  readonly #waiting = new Map<number, Waiting>();
  #head: number;

  /** `pass` gets every batch, in order. `head`: so many tasks have passed already. */
  constructor(pass: (task: number, table: TableName, bytes: Uint8Array) => void, head = 0) {
    this.#pass = pass;
    this.#head = head;
  }

  /** Number of the first task that is not finished: so many have passed whole. */
  get head(): number {
    return this.#head;
  }

  add(task: number, table: TableName, bytes: Uint8Array): void {
    if (task === this.#head) this.#pass(task, table, bytes);
    else this.#of(task).batches.push({ table, bytes });
  }

  end(task: number): void {
    this.#of(task).ended = true;
    for (let next = this.#waiting.get(this.#head); next?.ended === true; next = this.#waiting.get(this.#head)) {
      this.#flush(next);
      this.#waiting.delete(this.#head);
      this.#head++;
    }
    const head = this.#waiting.get(this.#head);
    if (head !== undefined) this.#flush(head);
  }

  #flush({ batches }: Waiting): void {
    for (const { table, bytes } of batches.splice(0)) this.#pass(this.#head, table, bytes);
  }

  #of(task: number): Waiting {
    let waiting = this.#waiting.get(task);
    if (waiting === undefined) this.#waiting.set(task, (waiting = { batches: [], ended: false }));
    return waiting;
  }
}
