import { FirstPart, type PartsShared } from "architech/host";
import { PartSession, type PartSessionOptions } from "./part-session.js";

/** So often others are asked for their help with one task: once, and once more where they have gone. */
const triesAllowed = 2;

/** A task of which this worker has the first part, and others have the rest. */
export class SharedTask {
  readonly #options: PartSessionOptions;
  #session: PartSession | undefined;
  #tries = 0;
  #isClosed = false;

  private constructor(options: PartSessionOptions) {
    this.#options = options;
  }

  /** Asks all workers; resolves as soon as enough are willing, or time is over. */
  static async offer(options: PartSessionOptions): Promise<SharedTask> {
    const shared = new SharedTask(options);
    await shared.#ask();
    return shared;
  }

  /** Workers beside this one that would take a part. */
  get helpers(): number {
    return this.#session?.helpers ?? 0;
  }

  /** The first part is here, and has to be brought together with the others. */
  share(parts: PartsShared): void {
    let session: PartSession | undefined;
    const first = new FirstPart(parts, {
      window: (bytes) => session?.say("window", bytes),
      command: (part, bytes) => session?.say("command", bytes, part),
      closed: () => void session?.close(),
    });
    const begin = async (): Promise<void> => {
      const willing = this.#session ?? (await this.#ask());
      this.#session = undefined;
      if (this.#isClosed || willing === undefined) throw new Error("no other worker is asked any more");
      session = willing;
      await willing.begin(first);
    };
    begin().catch((error: Error) => {
      first.fail(error.message);
      void session?.close();
    });
  }

  /** The task is over. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#session?.close();
  }

  async #ask(): Promise<PartSession | undefined> {
    if (this.#tries === triesAllowed) return undefined;
    this.#tries++;
    this.#session = await PartSession.offer(this.#options);
    return this.#session;
  }
}
