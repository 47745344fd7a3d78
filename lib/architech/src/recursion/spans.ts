/** What a gauge counts, as the engine keeps it: the integral is value + count × now. */
interface Gauges {
  readonly gauges: Float64Array;
  readonly gaugeCounts: Int32Array;
}

/** Stretches of time in which something waits or is busy, counted by a gauge as time gets there. */
export class Spans {
  readonly #of: Gauges;
  readonly #gauge: number;
  /** Begin and end of those that lie ahead, in part or as a whole. */
  #late: number[] = [];
  /** All up to here is counted. */
  #edge = Number.NEGATIVE_INFINITY;

  constructor(of: Gauges, gauge: number) {
    this.#of = of;
    this.#gauge = gauge;
  }

  /** Adds a span that begins after all that was counted. */
  add(from: number, to: number, edge: number): void {
    const { gauges, gaugeCounts } = this.#of;
    if (to <= edge) gauges[this.#gauge]! += to - from;
    else {
      if (from <= edge) {
        gauges[this.#gauge]! -= from;
        gaugeCounts[this.#gauge]!++;
      }
      this.#late.push(from, to);
    }
  }

  /** Counts what was added before, up to another time; afterwards what comes is added with this `edge`. */
  move(edge: number): void {
    const { gauges, gaugeCounts } = this.#of;
    const late = this.#late;
    if (late.length > 0) {
      let kept = 0;
      for (let i = 0; i < late.length; i += 2) {
        const from = late[i]!;
        const to = late[i + 1]!;
        const begun = from <= this.#edge;
        if (to <= edge) {
          gauges[this.#gauge]! += begun ? to : to - from;
          if (begun) gaugeCounts[this.#gauge]!--;
          continue;
        }
        if (!begun && from <= edge) {
          gauges[this.#gauge]! -= from;
          gaugeCounts[this.#gauge]!++;
        }
        late[kept++] = from;
        late[kept++] = to;
      }
      late.length = kept;
    }
    this.#edge = edge;
  }
}
