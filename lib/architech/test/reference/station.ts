import { Failed, Happening, type Process, type World } from "./process.js";
import type { Request } from "./requests.js";

/** Who waits for a server. */
export interface Waiting {
  readonly request: Request | undefined;
  readonly since: number;
  /** What the order goes by. */
  readonly rank: number;
  readonly turn: Happening;
}

/** The place in the line of who is next. */
export type Order = (line: readonly Waiting[]) => number;

export const fifo: Order = () => 0;
export const lifo: Order = (line) => line.length - 1;
export const adaptiveLifo =
  (switchAt: number): Order =>
  (line) =>
    line.length > switchAt ? line.length - 1 : 0;
/** The least rank, and of those who has waited longest. */
export const ranked: Order = (line) => line.reduce((best, { rank }, i) => (rank < line[best]!.rank ? i : best), 0);

/** Some servers and a line in front of them. */
export class Station {
  free: number;
  /** How many outages keep it from starting anything. */
  down = 0;
  readonly line: Waiting[] = [];
  readonly world: World;
  readonly #order: Order;
  readonly #capacity: number;

  constructor(world: World, servers: number, order: Order = fifo, capacity: number = Number.POSITIVE_INFINITY) {
    this.world = world;
    this.free = servers;
    this.#order = order;
    this.#capacity = capacity;
  }

  /** Waits for a server, no longer than so long. */
  *take(request?: Request, rank = 0, maxWait: number = Number.POSITIVE_INFINITY): Process {
    if (this.free > 0 && this.down === 0) {
      this.free--;
      this.served(rank);
      return;
    }
    if (this.line.length >= this.#capacity) throw new Failed();
    const waiting = { request, since: this.world.now, rank, turn: new Happening() };
    this.line.push(waiting);
    if (maxWait < Number.POSITIVE_INFINITY)
      this.world.after(maxWait, () => {
        if (this.line.includes(waiting)) this.drop(waiting);
      });
    yield waiting.turn;
  }

  /** Gives a server to who is next. */
  give(): void {
    const next = this.down > 0 ? undefined : this.next();
    if (next === undefined) this.free++;
    else {
      this.served(next.rank);
      // Whoever gives it goes on first.
      this.world.after(0, () => next.turn.happen());
    }
  }

  /** An outage is over. */
  wake(): void {
    this.down--;
    for (let ready = Math.min(this.free, this.line.length); ready > 0; ready--) {
      this.free--;
      this.give();
    }
  }

  drop(waiting: Waiting): void {
    if (this.line.includes(waiting)) this.line.splice(this.line.indexOf(waiting), 1);
    waiting.turn.happen("failed");
  }

  /** Takes who is next out of the line. */
  protected next(): Waiting | undefined {
    return this.line.length === 0 ? undefined : this.line.splice(this.#order(this.line), 1)[0];
  }

  protected served(_rank: number): void {}
}

/** Drops what has waited too long: RFC 8289, with its names. */
export class CoDelStation extends Station {
  readonly #target: number;
  readonly #interval: number;
  #firstAbove = 0;
  #dropNext = 0;
  #count = 0;
  #lastCount = 0;
  #dropping = false;

  constructor(world: World, servers: number, order: Order, target: number, interval: number) {
    super(world, servers, order);
    this.#target = target;
    this.#interval = interval;
  }

  #dodequeue(): { readonly p: Waiting | undefined; readonly okToDrop: boolean } {
    const { now } = this.world;
    const p = super.next();
    // It lets the last packet be: here the one that is left in the line.
    if (p === undefined || now - p.since < this.#target || this.line.length <= 1) this.#firstAbove = 0;
    else if (this.#firstAbove === 0) this.#firstAbove = now + this.#interval;
    else return { p, okToDrop: now >= this.#firstAbove };
    return { p, okToDrop: false };
  }

  protected override next(): Waiting | undefined {
    const { now } = this.world;
    const controlLaw = (t: number): number => t + this.#interval / Math.sqrt(this.#count);
    let r = this.#dodequeue();
    if (this.#dropping) {
      if (!r.okToDrop) this.#dropping = false;
      while (this.#dropping && now >= this.#dropNext) {
        this.drop(r.p!);
        this.#count++;
        r = this.#dodequeue();
        if (r.okToDrop) this.#dropNext = controlLaw(this.#dropNext);
        else this.#dropping = false;
      }
    } else if (r.okToDrop) {
      this.drop(r.p!);
      r = this.#dodequeue();
      this.#dropping = true;
      const delta = this.#count - this.#lastCount;
      this.#count = delta > 1 && now - this.#dropNext < 16 * this.#interval ? delta : 1;
      this.#dropNext = controlLaw(now);
      this.#lastCount = this.#count;
    }
    return r.p;
  }
}
