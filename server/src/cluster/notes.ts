import type { State } from "../bus/bus.js";
import type { Log } from "../log.js";
import { follow } from "./follow.js";

/** Notes that processes write of themselves, as they are now. */
export class Notes<Note> {
  readonly #state: State;
  readonly #unpack: (bytes: Uint8Array) => Note;
  readonly #what: string;
  readonly #log: Log;
  readonly #known = new Map<string, Note>();
  readonly #closed = new AbortController();

  /** `what`: whose notes, for a log. */
  constructor(state: State, unpack: (bytes: Uint8Array) => Note, what: string, log: Log) {
    this.#state = state;
    this.#unpack = unpack;
    this.#what = what;
    this.#log = log;
  }

  all(): Note[] {
    return [...this.#known.values()];
  }

  /** Reads those that there are, and hears of every change from now on. */
  follow(onChange: () => void = () => {}): void {
    void follow(this.#state, "", { what: this.#what, log: this.#log, signal: this.#closed.signal }, (change) => {
      if (change.value === undefined) this.#known.delete(change.key);
      else this.#known.set(change.key, this.#unpack(change.value));
      onChange();
    });
  }

  close(): void {
    this.#closed.abort();
  }
}
