import { pageSize } from "../engine/histogram.js";
import type { HistogramRows, SeriesRows, TaskResult } from "../simulation/task.js";
import { type FixedColumn, FixedTable } from "./fixed-table.js";

/** What a sweep varies, at one point. */
export type PointKey = Readonly<Record<string, number | string>>;

/** What the shape of a run's tables depends on. */
export interface TableShape {
  readonly keys: readonly PointKey[];
  readonly metrics: readonly { readonly name: string; readonly unit: string }[];
  /** The model's nodes in order, then "traffic". */
  readonly nodes: readonly string[];
  /** Interval of the series in seconds. */
  readonly everySeconds: number;
  /** Whether keys of a database move, at some point: then the series has a column for that. Default false. */
  readonly moves?: boolean;
}

/** Which task a row comes from. */
export interface RowPlace {
  readonly point: number;
  readonly replication: number;
}

/** Something that a reader of the results must know: a saturated node, a bound that was reached, a task that failed. */
export interface LogRow extends RowPlace {
  /** A stable code: `node-saturated`, `bound-reached`, `worker-crashed`, `task-failed`. */
  readonly code: string;
  /** Empty where it is of no node. */
  readonly node: string;
  readonly message: string;
}

const place: readonly FixedColumn[] = [
  { name: "point", type: "int32" },
  { name: "replication", type: "int32" },
];

/** `summary`: one row for each point and replication, a column for each key and metric. NaN where nothing was observed. */
export class SummaryTable extends FixedTable {
  readonly #keys: readonly { readonly values: Float64Array | Int32Array }[];
  readonly #metrics: number;

  constructor(shape: TableShape) {
    const names = Object.keys(shape.keys[0] ?? {});
    const keys = names.map((name) =>
      keyColumn(
        name,
        shape.keys.map((key) => key[name] ?? NaN),
      ),
    );
    super([
      ...place,
      ...keys.map(({ column }) => column),
      ...shape.metrics.map(({ name, unit }): FixedColumn => ({ name, type: "float64", unit })),
      { name: "events", type: "float64", unit: "1" },
      { name: "inside", type: "float64", unit: "1" },
      { name: "warmup", type: "float64", unit: "ms" },
      { name: "reached", type: "float64", unit: "ms" },
    ]);
    this.#keys = keys;
    this.#metrics = shape.metrics.length;
  }

  /** The row of a finished task; a task without a result has NaN throughout. */
  row({ point, replication }: RowPlace, result: TaskResult | undefined): Uint8Array<ArrayBuffer> {
    const values = new Float64Array(this.columns.length).fill(NaN);
    values[0] = point;
    values[1] = replication;
    let at = 2;
    for (const key of this.#keys) values[at++] = key.values[point]!;
    if (result === undefined) return this.one(values);
    values.set(result.summary, at);
    values.set([result.events, result.inside, result.warmupMs, result.reachedMs], at + this.#metrics);
    return this.one(values);
  }
}

/** A column of what a sweep varies: numbers as float64, anything else as text. */
function keyColumn(
  name: string,
  at: readonly (number | string)[],
): { column: FixedColumn; values: Float64Array | Int32Array } {
  if (at.every((value) => typeof value === "number"))
    return { column: { name, type: "float64" }, values: Float64Array.from(at) };
  const texts = [...new Set(at.map(String))];
  const index = new Map(texts.map((text, i) => [text, i]));
  return {
    column: { name, type: "dictionary", values: texts },
    values: Int32Array.from(at, (value) => index.get(String(value)) ?? 0),
  };
}

const measures: readonly FixedColumn[] = [
  { name: "arrivals", type: "float64", unit: "1" },
  { name: "completions", type: "float64", unit: "1" },
  { name: "errors", type: "float64", unit: "1" },
  { name: "latency.p50", type: "float64", unit: "ms" },
  { name: "latency.p95", type: "float64", unit: "ms" },
  { name: "latency.p99", type: "float64", unit: "ms" },
  { name: "depth", type: "float64", unit: "1" },
  { name: "util", type: "float64", unit: "1" },
  { name: "replicas", type: "float64", unit: "1" },
  { name: "cost", type: "float64", unit: "1/h" },
];

/** `series`: one row for each interval and node. Counts are of the interval. */
export class SeriesTable extends FixedTable {
  readonly #moves: boolean;

  constructor(shape: TableShape) {
    super(
      [
        ...place,
        { name: "t", type: "float64", unit: "s" },
        { name: "node", type: "dictionary", values: shape.nodes },
        ...measures,
        ...(shape.moves === true ? [{ name: "moved.ratio", type: "float64", unit: "1" } as const] : []),
      ],
      { every: String(shape.everySeconds) },
    );
    this.#moves = shape.moves === true;
  }

  rows(at: RowPlace, rows: SeriesRows): Uint8Array<ArrayBuffer> {
    const { t, node, arrivals, completions, errors, latencyP50, latencyP95, latencyP99, depth, util, replicas, cost } =
      rows;
    return this.batch([
      ...placed(at, t.length),
      t,
      Int32Array.from(node),
      arrivals,
      completions,
      errors,
      latencyP50,
      latencyP95,
      latencyP99,
      depth,
      util,
      replicas,
      cost,
      ...(this.#moves ? [rows.moved] : []),
    ]);
  }
}

/**
 * `histogram`: latency by node, a row for each page of 32 logarithmic buckets; see `HistogramRows`. It is most of the
 * bytes of a run of many replications, so it has no bounds: `bucketTable` has, which is what users are handed out.
 */
export class HistogramTable extends FixedTable {
  constructor(shape: TableShape) {
    super([
      ...place,
      { name: "node", type: "dictionary", values: shape.nodes },
      { name: "page", type: "int32" },
      { name: "counts", type: "float32s", each: pageSize, unit: "1" },
    ]);
  }

  rows(at: RowPlace, { node, page, counts }: HistogramRows): Uint8Array<ArrayBuffer> {
    const { length } = page;
    return this.batch([...placed(at, length), Int32Array.from(node), page, { length, lists: counts }]);
  }
}

function placed({ point, replication }: RowPlace, length: number): Int32Array[] {
  return [new Int32Array(length).fill(point), new Int32Array(length).fill(replication)];
}

/** Joins rows of the series, in order. */
export function joinSeries(parts: readonly SeriesRows[]): SeriesRows {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only;
  const length = parts.reduce((total, part) => total + part.t.length, 0);
  const join = (name: Exclude<keyof SeriesRows, "node">): Float64Array => {
    const all = new Float64Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part[name], at);
      at += part[name].length;
    }
    return all;
  };
  return {
    node: Uint16Array.from(parts.flatMap((part) => [...part.node])),
    t: join("t"),
    arrivals: join("arrivals"),
    completions: join("completions"),
    errors: join("errors"),
    latencyP50: join("latencyP50"),
    latencyP95: join("latencyP95"),
    latencyP99: join("latencyP99"),
    depth: join("depth"),
    util: join("util"),
    replicas: join("replicas"),
    cost: join("cost"),
    moved: join("moved"),
  };
}
