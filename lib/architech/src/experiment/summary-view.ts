import { ArchitechError } from "@architech/protocol";
import { meanInterval } from "./interval.js";
import type { FixedBatch, TableReader } from "./table-reader.js";
import type { Row, ViewPart } from "./view.js";

interface Point {
  readonly key: Row;
  /** Values by metric, in order of replications. */
  readonly values: number[][];
  runs: number;
}

/** Rows of a sweep: one for each point, sharpening with every replication. */
export function summaryView(keys: readonly string[], metrics: readonly string[], confidence: number): ViewPart {
  return new Summaries(keys, metrics, ({ key, values, runs }) => {
    const row: Record<string, number | string> = { ...key };
    metrics.forEach((metric, i) => {
      const { mean, low, high } = meanInterval(values[i] ?? [], confidence);
      row[metric] = mean;
      row[`${metric}.low`] = low;
      row[`${metric}.high`] = high;
    });
    row["runs"] = runs;
    return row;
  });
}

/** Rows of a comparison: one for each scenario. */
export function comparisonView(metric: string, confidence: number): ViewPart {
  return new Summaries(["scenario"], [metric], ({ key, values }) => ({
    ...key,
    ...meanInterval(values[0] ?? [], confidence),
  }));
}

class Summaries implements ViewPart {
  readonly #keys: readonly string[];
  readonly #metrics: readonly string[];
  readonly #row: (point: Point) => Row;
  readonly #points = new Map<number, Point>();

  constructor(keys: readonly string[], metrics: readonly string[], row: (point: Point) => Row) {
    this.#keys = keys;
    this.#metrics = metrics;
    this.#row = row;
  }

  open(reader: TableReader): void {
    for (const name of [...this.#keys, ...this.#metrics]) columnNumber(reader, name);
  }

  add({ rows, columns }: FixedBatch, reader: TableReader): readonly Row[] {
    const changed = new Set<Point>();
    for (let i = 0; i < rows; i++) {
      const number = columns[0]?.[i] ?? 0;
      let point = this.#points.get(number);
      if (point === undefined) {
        const key = Object.fromEntries(this.#keys.map((name) => [name, cell(reader, columns, name, i)]));
        this.#points.set(number, (point = { key, values: this.#metrics.map(() => []), runs: 0 }));
      }
      for (const [m, metric] of this.#metrics.entries())
        point.values[m]?.push(columns[columnNumber(reader, metric)]?.[i] ?? NaN);
      point.runs++;
      changed.add(point);
    }
    return [...changed].map(this.#row);
  }

  rows(): readonly Row[] {
    return [...this.#points].sort(([a], [b]) => a - b).map(([, point]) => this.#row(point));
  }
}

function cell(reader: TableReader, columns: FixedBatch["columns"], name: string, row: number): number | string {
  const at = columnNumber(reader, name);
  const value = columns[at]?.[row] ?? NaN;
  return reader.columns[at]?.values?.[value] ?? value;
}

/** Number of a column; throws `unknown-metric` where there is none of that name. */
export function columnNumber(reader: TableReader, name: string): number {
  const at = reader.index.get(name);
  if (at === undefined)
    throw new ArchitechError("unknown-metric", `"${name}" is not among the results of this run`, { path: [name] });
  return at;
}
