import { Happening, type Process, type World } from "./process.js";
import { Station } from "./station.js";

/** A replica whose time may stand still, and pass more slowly. */
export class Replica {
  readonly station: Station;
  readonly #world: World;
  #still = 0;
  readonly #underWay = new Set<{ left: number; since: number; readonly end: Happening }>();

  constructor(world: World, threads: number) {
    this.#world = world;
    this.station = new Station(world, threads);
  }

  *pass(time: number): Process {
    const wait = { left: time, since: this.#world.now, end: new Happening() };
    this.#underWay.add(wait);
    this.#plan(wait);
    yield wait.end;
  }

  standStill(): void {
    this.station.down++;
    if (this.#still++ > 0) return;
    for (const wait of this.#underWay) wait.left -= this.#world.now - wait.since;
  }

  goOn(): void {
    this.station.wake();
    if (--this.#still > 0) return;
    for (const wait of this.#underWay) {
      wait.since = this.#world.now;
      this.#plan(wait);
    }
  }

  #plan(wait: { readonly left: number; readonly since: number; readonly end: Happening }): void {
    const { since } = wait;
    if (this.#still > 0) return;
    this.#world.after(wait.left, () => {
      if (this.#still > 0 || wait.since !== since) return;
      this.#underWay.delete(wait as never);
      wait.end.happen();
    });
  }
}
