import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import type { Log } from "../log.js";
import { OnceMore } from "./once-more.js";

/** What is said, and where. */
export interface AnnouncementOptions {
  readonly state: State;
  readonly key: string;
  /** How long it holds when it is not repeated. */
  readonly ttlMs: number;
  /** What is said now. */
  readonly note: () => Uint8Array;
  readonly log: Log;
}

/** Says something of this process on the bus for as long as it lives, three times in the time that it holds. */
export class Announcement {
  readonly #options: AnnouncementOptions;
  #beat: NodeJS.Timeout | undefined;
  #revision = 0;
  readonly #saying = new OnceMore(() => this.#say());

  constructor(options: AnnouncementOptions) {
    this.#options = options;
  }

  /** Resolves when it was said once, or could not be: then it is tried again. */
  async start(): Promise<void> {
    this.#beat = setInterval(() => void this.say(), this.#options.ttlMs / 3);
    await this.say();
  }

  /** Says it now, since it has changed. */
  say(): Promise<void> {
    return this.#saying.ask();
  }

  /** Takes it back. */
  async stop(): Promise<void> {
    clearInterval(this.#beat);
    await this.#saying.idle();
    await this.#options.state.delete(this.#options.key).catch(() => {});
  }

  async #say(): Promise<void> {
    const { note, log } = this.#options;
    try {
      this.#revision = await this.#write(note()).catch((error: unknown) => {
        if (!(error instanceof RevisionConflict)) throw error;
        // Its time was over, or an answer was lost: it is said over what is there.
        this.#revision = error.revision;
        return this.#write(note());
      });
    } catch (error) {
      log.warn(`the others cannot be told of this process: ${(error as Error).message}`);
    }
  }

  #write(bytes: Uint8Array): Promise<number> {
    const { state, key } = this.#options;
    return this.#revision > 0 ? state.update(key, bytes, this.#revision) : state.create(key, bytes);
  }
}
