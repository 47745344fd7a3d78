import { draw } from "#src/engine/core/draw.js";
import { openDistribution } from "../engine/memory.js";
import { Failed, Happening, type Process, type World } from "./process.js";
import { Station } from "./station.js";

export interface LinkSettings {
  readonly latency: number;
  readonly loss: number;
  readonly retransmit: number;
  /** How long a request and an answer take to be put on the wire; 0 without a bandwidth. */
  readonly request: number;
  readonly response: number;
}

/** How calls travel from one node to another. */
export class Link {
  readonly #settings: LinkSettings;
  readonly #wires: Readonly<Record<"request" | "response", Station>>;
  readonly #luck = new Map<string, number[]>();
  #cuts = 0;
  #refusals = 0;
  #whole = new Happening();

  constructor(world: World, settings: LinkSettings) {
    this.#settings = settings;
    this.#wires = { request: new Station(world, 1), response: new Station(world, 1) };
  }

  cut(refuses: boolean, begins: boolean): void {
    if (refuses) this.#refusals += begins ? 1 : -1;
    this.#cuts += begins ? 1 : -1;
    if (this.#cuts > 0) return;
    const whole = this.#whole;
    this.#whole = new Happening();
    whole.happen();
  }

  /** Asks for something at the other end. What weighs nothing needs no time of the wire. */
  *call(path: string, steps: Process, weighs = true): Process {
    if (this.#refusals > 0) throw new Failed();
    yield* this.#send("request", `${path}/there`, weighs);
    try {
      yield* steps;
    } catch (failed) {
      yield* this.#send("response", `${path}/failed`, weighs);
      throw failed;
    }
    yield* this.#send("response", `${path}/back`, weighs);
  }

  *#send(what: "request" | "response", stream: string, weighs: boolean): Process {
    yield* this.#passes();
    const { latency, [what]: time } = this.#settings;
    if (weighs && time > 0) {
      yield* this.#wires[what].take();
      yield time;
      this.#wires[what].give();
    }
    yield* this.#losses(stream);
    yield latency;
    yield* this.#passes();
  }

  /** What is cut lets nothing in at either end. */
  *#passes(): Process {
    while (this.#cuts > 0) yield this.#whole;
  }

  /** A message that is lost is sent again after a time that doubles. */
  *#losses(stream: string): Process {
    const { loss, retransmit } = this.#settings;
    if (loss === 0) return;
    const luck = this.#draw(`1/0/${stream}/loss`);
    for (let n = 0, arrives = 1 - loss; luck >= arrives; n++, arrives += (1 - arrives) * (1 - loss))
      yield retransmit * 2 ** n;
  }

  /** The engine names the numbers that it draws, so the reference can have the same luck. */
  #draw(stream: string): number {
    let numbers = this.#luck.get(stream);
    if (numbers === undefined) {
      const from = openDistribution({ kind: "uniform", min: 0, max: 1 }, stream);
      this.#luck.set(stream, (numbers = Array.from({ length: 200 }, () => draw(from))));
    }
    return numbers.shift()!;
  }
}
