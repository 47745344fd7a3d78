import { ArchitechError } from "@architech/protocol";
import type { Lane } from "./bus.js";
import { checkName } from "./names.js";

const maxLanes = 16;
const maxWeight = 1000;

/**
 * Whose turn it is: smooth weighted round robin, so that of any `sum of weights` takes each lane is first `weight` times,
 * spread out. After the lane whose turn it is come the others, in order of preference.
 */
export class LaneTurns {
  readonly names: readonly string[];
  readonly #lanes: readonly Lane[];
  readonly #credit: number[];
  readonly #sum: number;

  constructor(lanes: readonly Lane[]) {
    if (lanes.length === 0 || lanes.length > maxLanes)
      throw new ArchitechError("invalid-argument", `a queue has ${lanes.length} lanes: 1 to ${maxLanes} are accepted`);
    for (const { name, weight } of lanes) {
      checkName("a lane", name);
      if (!Number.isInteger(weight) || weight < 1 || weight > maxWeight)
        throw new ArchitechError("invalid-argument", `lane "${name}" weighs ${weight}: 1 to ${maxWeight} is accepted`);
    }
    this.names = lanes.map(({ name }) => name);
    if (new Set(this.names).size < lanes.length)
      throw new ArchitechError("invalid-argument", `two lanes have one name: ${this.names.join(", ")}`);
    this.#lanes = lanes;
    this.#credit = lanes.map(() => 0);
    this.#sum = lanes.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** The lanes in the order in which the next take looks into them. */
  next(): string[] {
    let first = 0;
    for (const [i, { weight }] of this.#lanes.entries()) {
      this.#credit[i]! += weight;
      if (this.#credit[i]! > this.#credit[first]!) first = i;
    }
    this.#credit[first]! -= this.#sum;
    return [this.names[first]!, ...this.names.filter((_, i) => i !== first)];
  }

  /** Of the lanes, those that are among these, or all. Throws `bus-name-invalid` for one that the queue has not. */
  among(lanes: readonly string[] | undefined): readonly string[] {
    for (const lane of lanes ?? []) this.check(lane);
    return lanes ?? this.names;
  }

  /** Throws `bus-name-invalid` for a lane that the queue has not. */
  check(lane: string): void {
    if (!this.names.includes(lane))
      throw new ArchitechError(
        "bus-name-invalid",
        `there is no lane ${JSON.stringify(String(lane).slice(0, 80))}: the queue has ${this.names.join(", ")}`,
      );
  }
}
