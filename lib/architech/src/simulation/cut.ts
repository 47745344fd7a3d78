/** A model cut into parts that can be simulated beside each other: which part has a node, or a flow of traffic. */
export class Cut {
  /** How many parts there are, numbered from 0. */
  readonly parts: number;
  /** The part of each node and flow. */
  readonly of: ReadonlyMap<string, number>;
  /** The least time that a message takes from one part to another, by `from × parts + to`; Infinity where none goes. */
  readonly latencies: Float64Array;

  constructor(parts: number, of: ReadonlyMap<string, number>, latencies: Float64Array) {
    this.parts = parts;
    this.of = of;
    this.latencies = latencies;
  }

  /** `name`: a node's, or a flow's as `flowName` has it. */
  partOf(name: string): number {
    return this.of.get(name) ?? 0;
  }
}
