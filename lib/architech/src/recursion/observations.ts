/** Observations in a mean that is handed on. */
const meansOf = 5;

/** Latencies as their requests end, handed on in that order in means of five, as the engine does. */
export class Observations {
  readonly #observe: (mean: number, at: number) => void;
  #ends: number[] = [];
  #latencies: number[] = [];
  #sum = 0;
  #count = 0;

  constructor(observe: (mean: number, at: number) => void) {
    this.#observe = observe;
  }

  add(latency: number, at: number): void {
    this.#ends.push(at);
    this.#latencies.push(latency);
  }

  /** To be called once all that ends up to some time was added, and nothing that ends later. */
  handOn(): void {
    const ends = this.#ends;
    const latencies = this.#latencies;
    if (ends.every((end, i) => i === 0 || end >= ends[i - 1]!)) {
      for (let i = 0; i < ends.length; i++) this.#take(latencies[i]!, ends[i]!);
    } else {
      const order = ends.map((_, i) => i).sort((a, b) => ends[a]! - ends[b]! || a - b);
      for (const i of order) this.#take(latencies[i]!, ends[i]!);
    }
    ends.length = 0;
    latencies.length = 0;
  }

  #take(latency: number, at: number): void {
    this.#sum += latency;
    if (++this.#count < meansOf) return;
    this.#observe(this.#sum / meansOf, at);
    this.#sum = 0;
    this.#count = 0;
  }
}
