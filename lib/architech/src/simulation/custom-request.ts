import type { CustomRequest } from "../model/custom.js";
import type { TimeLike } from "../model/time.js";

/** What is the same for all requests at a custom step. */
export interface Told {
  readonly node: string;
  readonly state: unknown;
  readonly now: () => number;
  readonly random: () => number;
  readonly draw: (time: TimeLike) => number;
}

/** A class of requests. */
export interface RequestClass {
  readonly name: string | undefined;
  readonly priority: number;
}

/** What a function is told of the request that it decides for. */
export class Request implements CustomRequest<unknown> {
  readonly node: string;
  readonly class: string | undefined;
  readonly key: number | undefined;
  readonly priority: number;
  readonly state: unknown;
  readonly random: () => number;
  readonly draw: (time: TimeLike) => number;
  readonly #now: () => number;
  readonly #deadline: number;

  constructor({ node, state, now, random, draw }: Told, of: RequestClass, key: number, deadline: number) {
    this.node = node;
    this.class = of.name;
    this.key = key === 0 ? undefined : key;
    this.priority = of.priority;
    this.state = state;
    this.random = random;
    this.draw = draw;
    this.#now = now;
    this.#deadline = deadline;
  }

  get nowMs(): number {
    return this.#now();
  }

  get leftMs(): number {
    return this.#deadline - this.#now();
  }
}
