import type { Log } from "./log.js";
import { Failed, type Process } from "./process.js";

export interface QueueSettings {
  readonly capacity: number;
  readonly delay: number;
  /** Infinity: what is taken is never shown again. */
  readonly visibility: number;
  /** Undefined: what has failed is shown when its visibility is over. */
  readonly backoff: number | undefined;
  readonly maxReceives: number;
}

export interface WorkerSettings {
  readonly name: string;
  readonly threads: number;
  readonly most: number;
  /** How long a batch waits to be full. */
  readonly wait: number;
  /** Works on so many messages. */
  readonly work: (messages: number) => Process;
}

interface Worker extends WorkerSettings {
  free: number;
  /** How many reasons there are for it to take nothing. */
  away: number;
}

interface Message {
  since: number;
  receives: number;
  /** The latest delivery. */
  receipt: object | undefined;
}

/** A queue that delivers again, and its workers, as the page on messaging tells them. */
export class MessageQueue {
  readonly #log: Log;
  readonly #name: string;
  readonly #settings: QueueSettings;
  readonly #workers: Worker[];
  readonly #dead: MessageQueue | undefined;
  readonly #line: Message[] = [];
  #delayed = 0;
  /** How many reasons there are for nobody to take. */
  #closed = 0;

  constructor(
    log: Log,
    name: string,
    settings: QueueSettings,
    workers: readonly WorkerSettings[],
    dead?: MessageQueue,
  ) {
    [this.#log, this.#name, this.#settings, this.#dead] = [log, name, settings, dead];
    this.#workers = workers.map((worker) => ({ ...worker, free: worker.threads, away: 0 }));
  }

  put(): void {
    const { capacity, delay } = this.#settings;
    if (this.#line.length + this.#delayed >= capacity) {
      this.#log.note(`${this.#name} comes`);
      this.#log.note(`${this.#name} fails`);
      throw new Failed();
    }
    const message = { since: 0, receives: 0, receipt: undefined };
    if (delay === 0) this.#show([message]);
    else {
      this.#delayed++;
      this.#log.world.after(delay, () => {
        this.#delayed--;
        this.#show([message]);
      });
    }
  }

  #show(messages: readonly Message[]): void {
    for (const message of messages) {
      message.since = this.#log.world.now;
      this.#line.push(message);
      this.#log.note(`${this.#name} comes`);
      for (const { wait } of this.#workers) if (wait > 0) this.#log.world.after(wait, () => this.#serve());
    }
    this.#serve();
  }

  /** Nobody takes from now on. */
  close(): void {
    this.#closed++;
  }

  /** One reason less for that. */
  open(): void {
    this.#closed--;
    this.#serve();
  }

  /** A worker takes nothing from now on, or has one reason less for that. */
  send(name: string, away: boolean): void {
    for (const worker of this.#workers) if (worker.name === name) worker.away += away ? 1 : -1;
    this.#serve();
  }

  #serve(): void {
    if (this.#closed > 0) return;
    for (const worker of this.#workers)
      while (worker.free > 0 && worker.away === 0 && this.#line.length > 0) {
        const ripe = this.#line[0]!.since + worker.wait <= this.#log.world.now;
        if (this.#line.length < worker.most && !ripe) break;
        worker.free--;
        this.#deliver(this.#line.splice(0, worker.most), worker);
      }
  }

  #deliver(messages: readonly Message[], worker: Worker): void {
    const { visibility, backoff } = this.#settings;
    const receipt = {};
    let hidden = true;
    for (const message of messages) {
      message.receipt = receipt;
      message.receives++;
      this.#log.note(`${this.#name} ends`);
    }
    const mine = (): Message[] => messages.filter((message) => message.receipt === receipt);
    const again = (): void => {
      if (hidden) this.#giveBack(mine());
      hidden = false;
    };
    if (visibility < Number.POSITIVE_INFINITY) this.#log.world.after(visibility, again);
    const end = this.#log.world.start(this.#log.through(worker.name, worker.work(messages.length)));
    end.afterwards(() => {
      if (end.outcome === "well") {
        hidden = false;
        // Whose latest delivery is another one by now has been worked on in vain.
        for (const message of messages)
          if (message.receipt === receipt) this.#done(message);
          else this.#log.note(`${this.#name} duplicates`);
      } else if (backoff !== undefined && hidden) {
        hidden = false;
        this.#log.world.after(backoff, () => this.#giveBack(mine()));
      }
      worker.free++;
      this.#serve();
    });
  }

  #done(message: Message): void {
    const place = this.#line.indexOf(message);
    if (place < 0) return;
    this.#line.splice(place, 1);
    this.#log.note(`${this.#name} ends`);
  }

  #giveBack(messages: readonly Message[]): void {
    const shown: Message[] = [];
    for (const message of messages)
      if (message.receives < this.#settings.maxReceives) {
        shown.push(message);
        this.#log.note(`${this.#name} redelivered`);
      } else {
        message.receipt = undefined;
        this.#log.note(`${this.#name} dead`);
        try {
          this.#dead?.put();
        } catch (failed) {
          if (!(failed instanceof Failed)) throw failed;
        }
      }
    this.#show(shown);
  }
}
