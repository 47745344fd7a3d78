import { type FixedColumn, FixedTable } from "./fixed-table.js";
import { tableOpening } from "./table-opening.js";
import { type FixedBatch, TableReader } from "./table-reader.js";

/** Columns of the series that are counted in an interval, and so add up. */
const counts: ReadonlySet<string> = new Set(["arrivals", "completions", "errors"]);

/** Columns that say where a row stands: point, replication, t, node. */
const placeColumns = 4;

/**
 * Makes several intervals of the series one: of every measure the sum (counts) or the mean of the intervals in which
 * something was observed, and its least and greatest value in one interval (`<measure>.min`, `<measure>.max`). A row
 * says from when to when it is (`from` and `t`, in seconds) and of how many intervals it is made.
 */
export class SeriesThinner {
  readonly #reader: TableReader;
  readonly #table: FixedTable;
  readonly #everySeconds: number;
  readonly #measures: readonly string[];
  /** The messages that open the table of merged rows. */
  readonly opening: Uint8Array<ArrayBuffer>;

  /** `opening`: the messages that open the series. */
  constructor(opening: Uint8Array) {
    this.#reader = new TableReader(opening);
    this.#everySeconds = Number(this.#reader.metadata.get("every") ?? 1);
    const [point, replication, t, node, ...measures] = this.#reader.columns as readonly FixedColumn[];
    this.#measures = measures.map(({ name }) => name);
    const measured = measures.flatMap((column) => [
      column,
      { ...column, name: `${column.name}.min` },
      { ...column, name: `${column.name}.max` },
    ]);
    const from: FixedColumn = { ...t!, name: "from" };
    const intervals: FixedColumn = { name: "intervals", type: "int32" };
    this.#table = new FixedTable([point!, replication!, from, t!, node!, intervals, ...measured], {
      every: String(this.#everySeconds),
    });
    this.opening = tableOpening(this.#table);
  }

  /** One record batch of some of the series that follow one another. Rows are cut at multiples of so many intervals. */
  thin(batches: readonly Uint8Array[], intervals: number): Uint8Array<ArrayBuffer> {
    const rows: Merged[] = [];
    let open = new Map<number, Merged>();
    let cut = "";
    for (const batch of batches.map((bytes) => this.#reader.read(bytes)))
      for (let i = 0; i < batch.rows; i++) {
        const place = placeOf(batch, i);
        const number = Math.ceil(place.t / this.#everySeconds - 1e-9) - 1;
        const at = `${place.point},${place.replication},${Math.floor(number / intervals)}`;
        if (at !== cut) {
          rows.push(...open.values());
          open = new Map();
          cut = at;
        }
        let row = open.get(place.node);
        if (row === undefined)
          open.set(place.node, (row = new Merged(place, number * this.#everySeconds, this.#measures.length)));
        row.add(batch, i, place.t);
      }
    rows.push(...open.values());
    return this.#table.batch(this.#columns(rows));
  }

  #columns(rows: readonly Merged[]): (Int32Array | Float64Array)[] {
    const ints = (pick: (row: Merged) => number): Int32Array => Int32Array.from(rows, pick);
    const floats = (pick: (row: Merged) => number): Float64Array => Float64Array.from(rows, pick);
    return [
      ints(({ point }) => point),
      ints(({ replication }) => replication),
      floats(({ from }) => from),
      floats(({ t }) => t),
      ints(({ node }) => node),
      ints(({ intervals }) => intervals),
      ...this.#measures.flatMap((name, measure) => [
        floats((row) => (counts.has(name) ? row.sum(measure) : row.mean(measure))),
        floats((row) => row.min(measure)),
        floats((row) => row.max(measure)),
      ]),
    ];
  }
}

interface Place {
  readonly point: number;
  readonly replication: number;
  readonly t: number;
  readonly node: number;
}

function placeOf({ columns: [points, replications, ts, nodes] }: FixedBatch, i: number): Place {
  return { point: points![i]!, replication: replications![i]!, t: ts![i]!, node: nodes![i]! };
}

/** Intervals of one node that are becoming one. */
class Merged {
  readonly point: number;
  readonly replication: number;
  readonly node: number;
  readonly from: number;
  t = 0;
  intervals = 0;
  /** Of each measure: how many values, their sum, the least, the greatest. */
  readonly #sums: Float64Array;

  constructor({ point, replication, node }: Place, from: number, measures: number) {
    this.point = point;
    this.replication = replication;
    this.node = node;
    this.from = from;
    this.#sums = new Float64Array(4 * measures);
  }

  add({ columns }: FixedBatch, i: number, t: number): void {
    this.t = t;
    this.intervals++;
    const sums = this.#sums;
    for (let measure = 0; measure < sums.length / 4; measure++) {
      const value = columns[placeColumns + measure]![i]!;
      if (Number.isNaN(value)) continue;
      const at = 4 * measure;
      const isFirst = sums[at]! === 0;
      sums[at]! += 1;
      sums[at + 1]! += value;
      sums[at + 2] = isFirst ? value : Math.min(sums[at + 2]!, value);
      sums[at + 3] = isFirst ? value : Math.max(sums[at + 3]!, value);
    }
  }

  sum(measure: number): number {
    return this.#has(measure) ? this.#sums[4 * measure + 1]! : Number.NaN;
  }

  mean(measure: number): number {
    return this.sum(measure) / this.#sums[4 * measure]!;
  }

  min(measure: number): number {
    return this.#has(measure) ? this.#sums[4 * measure + 2]! : Number.NaN;
  }

  max(measure: number): number {
    return this.#has(measure) ? this.#sums[4 * measure + 3]! : Number.NaN;
  }

  #has(measure: number): boolean {
    return this.#sums[4 * measure]! > 0;
  }
}
