import type { Log } from "./log.js";
import { Replica } from "./replica.js";

/** A replica of a worker. */
export interface Member {
  readonly name: string;
  readonly time: number;
  readonly replica: Replica;
  /** How many outages keep it away. */
  gone: number;
  /** Partitions of its own, the one that it took from last at the end. */
  own: number[];
}

export const member = (log: Log, name: string, threads: number, time: number): Member => ({
  name,
  time,
  replica: new Replica(log.world, threads),
  gone: 0,
  own: [],
});

export interface GroupSettings {
  readonly partitions: number;
  readonly retention: number;
  /** How long nobody takes while partitions are dealt out anew. */
  readonly rebalance: number;
}

/** A partitioned log as one group sees it. */
export class ConsumerGroup {
  readonly #log: Log;
  readonly #name: string;
  readonly #settings: GroupSettings;
  readonly #members: readonly Member[];
  readonly #lines: object[][];
  readonly #busy = new Set<number>();
  /** How many rebalances, and outages of the log, go on. */
  #rebalancing = 0;
  #closed = 0;

  constructor(log: Log, name: string, settings: GroupSettings, members: readonly Member[]) {
    [this.#log, this.#name, this.#settings, this.#members] = [log, name, settings, members];
    this.#lines = Array.from({ length: settings.partitions }, () => []);
    this.#deal();
  }

  append(partition: number): void {
    const message = {};
    const line = this.#lines[partition]!;
    line.push(message);
    this.#log.note(`${this.#name} comes`);
    this.#log.world.after(this.#settings.retention, () => {
      if (!line.includes(message)) return;
      line.splice(line.indexOf(message), 1);
      this.#log.note(`${this.#name} fails`);
    });
    this.#serve(partition);
  }

  /** The replicas of a worker go away, or come back: the group pauses, and deals its partitions out anew. */
  change(worker: string, leaves: boolean): void {
    let changed = false;
    for (const member of this.#members)
      if (member.name === worker) {
        const before = member.gone;
        member.gone += leaves ? 1 : -1;
        changed ||= before === 0 || member.gone === 0;
        if (leaves) member.replica.station.down++;
        else member.replica.station.wake();
      }
    if (!changed) return;
    this.#rebalancing++;
    this.#log.world.after(this.#settings.rebalance, () => {
      if (--this.#rebalancing === 0) this.#deal();
      this.#serveAll();
    });
  }

  /** The replicas of a worker stand still, or go on: nobody knows, so their partitions stay theirs. */
  still(worker: string, begins: boolean): void {
    for (const { name, replica } of this.#members)
      if (name === worker) {
        if (begins) replica.standStill();
        else replica.goOn();
      }
    if (!begins) this.#serveAll();
  }

  close(begins: boolean): void {
    this.#closed += begins ? 1 : -1;
    if (!begins) this.#serveAll();
  }

  #deal(): void {
    const there = this.#members.filter(({ gone }) => gone === 0);
    if (there.length === 0) return;
    for (const member of this.#members) member.own = [];
    for (const partition of this.#lines.keys()) there[partition % there.length]!.own.push(partition);
  }

  #serveAll(): void {
    for (const partition of this.#lines.keys()) this.#serve(partition);
  }

  /** Takes one message of a partition, if its member has time for it and none is under way. */
  #serve(partition: number): boolean {
    const member = this.#members.find(({ own }) => own.includes(partition))!;
    const { station } = member.replica;
    if (this.#rebalancing > 0 || this.#closed > 0 || station.down > 0 || station.free === 0) return false;
    if (this.#lines[partition]!.length === 0 || this.#busy.has(partition)) return false;
    station.free--;
    const place = member.own.indexOf(partition) + 1;
    member.own = [...member.own.slice(place), ...member.own.slice(0, place)];
    this.#busy.add(partition);
    this.#lines[partition]!.shift();
    this.#log.note(`${this.#name} ends`);
    this.#log.world.start(this.#work(member, partition));
    return true;
  }

  *#work(member: Member, partition: number) {
    this.#log.note(`${member.name} comes`);
    yield* member.replica.pass(member.time);
    this.#log.note(`${member.name} ends`);
    member.replica.station.free++;
    this.#busy.delete(partition);
    member.own.some((one) => this.#serve(one));
    // It may be another's by now.
    this.#serve(partition);
  }
}
