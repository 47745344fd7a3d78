import { ArchitechError } from "@architech/protocol";
import type { Table } from "apache-arrow";

/** A column of a series that monitoring can have. */
export type SeriesColumn =
  | "arrivals"
  | "completions"
  | "errors"
  | "latency.p50"
  | "latency.p95"
  | "latency.p99"
  | "depth"
  | "util"
  | "replicas"
  | "cost"
  | "moved.ratio";

/** What a column is called where it is written: a name, with labels beside those of all. */
export type SampleName = string | { readonly name: string; readonly labels?: Readonly<Record<string, string>> };

/** How the rows of a series become samples. */
export interface SampleOptions {
  /** When the simulation begins: a date, milliseconds since 1970, or ISO 8601. Default: so that it ends now. */
  readonly start?: Date | number | string;
  /** Names in place of the default ones, so that they are those of the real system; `false` leaves a column out. */
  readonly names?: Partial<Readonly<Record<SeriesColumn, SampleName | false>>>;
  /** The label that has the node. Default "node". */
  readonly nodeLabel?: string;
  /** Further labels of every sample. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One time series of monitoring: `values` in base units at `times`, ms since 1970, ascending. */
export interface SampleSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly times: number[];
  readonly values: number[];
}

/** Counts are added up, as a real system's counters are; times are in seconds, as Prometheus wants them. */
const columns: Readonly<Record<SeriesColumn, { readonly as: SampleName; readonly counts?: true }>> = {
  arrivals: { as: "simulated_arrivals_total", counts: true },
  completions: { as: "simulated_completions_total", counts: true },
  errors: { as: "simulated_errors_total", counts: true },
  "latency.p50": { as: { name: "simulated_latency_seconds", labels: { quantile: "0.5" } } },
  "latency.p95": { as: { name: "simulated_latency_seconds", labels: { quantile: "0.95" } } },
  "latency.p99": { as: { name: "simulated_latency_seconds", labels: { quantile: "0.99" } } },
  depth: { as: "simulated_depth" },
  util: { as: "simulated_utilization_ratio" },
  replicas: { as: "simulated_replicas" },
  cost: { as: "simulated_cost_per_hour" },
  "moved.ratio": { as: "simulated_moved_ratio" },
};

/** The rows of a series as samples; a value that there is not (a percentile of no request) is left out. */
export function samplesOf(table: Table, options: SampleOptions): SampleSeries[] {
  const named = namesOf(options);
  const { nodeLabel = "node" } = options;
  checkLabel(nodeLabel);
  const column = (name: string) => table.getChild(name);
  const [points, replications, ts, nodes] = ["point", "replication", "t", "node"].map(column);
  const rows = table.numRows;
  const ends = Math.max(0, ...distinct(ts, rows));
  const start = startOf(options.start, ends);
  const several = { point: distinct(points, rows).size > 1, replication: distinct(replications, rows).size > 1 };
  const found = new Map<string, SampleSeries>();
  const seriesAt = (row: number, { name, labels }: Named): SampleSeries => {
    const of = {
      ...options.labels,
      ...labels,
      [nodeLabel]: String(nodes?.get(row)),
      ...(several.point ? { point: String(points?.get(row)) } : {}),
      ...(several.replication ? { replication: String(replications?.get(row)) } : {}),
    };
    const key = JSON.stringify([name, of]);
    let series = found.get(key);
    if (series === undefined) found.set(key, (series = { name, labels: of, times: [], values: [] }));
    return series;
  };
  for (const as of named) {
    const values = column(as.column);
    if (values === null) continue;
    const scale = table.schema.fields.find(({ name }) => name === as.column)?.metadata.get("unit") === "ms" ? 1e-3 : 1;
    for (let row = 0; row < rows; row++) {
      const value = Number(values.get(row));
      if (Number.isNaN(value)) continue;
      const series = seriesAt(row, as);
      if (as.counts && series.times.length === 0) {
        // A counter begins at nought, or its first interval would have no rate.
        series.times.push(start);
        series.values.push(0);
      }
      series.times.push(start + Math.round(Number(ts?.get(row)) * 1e3));
      series.values.push(as.counts ? (series.values.at(-1) ?? 0) + value : value * scale);
    }
  }
  return [...found.values()];
}

interface Named {
  readonly column: SeriesColumn;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: boolean;
}

function namesOf({ names = {}, labels = {} }: SampleOptions): Named[] {
  for (const name of Object.keys(names))
    if (!Object.hasOwn(columns, name))
      throw new ArchitechError(
        "invalid-argument",
        `"${name}" is no column of a series: ${Object.keys(columns).join(", ")}`,
        { path: ["names", name] },
      );
  for (const label of Object.keys(labels)) checkLabel(label);
  const all: Named[] = [];
  for (const [column, { as, counts = false }] of Object.entries(columns) as [
    SeriesColumn,
    (typeof columns)["cost"],
  ][]) {
    const given = names[column] ?? as;
    if (given === false) continue;
    const { name, labels: own = {} } = typeof given === "string" ? { name: given } : given;
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))
      throw new ArchitechError(
        "invalid-argument",
        `"${name}" is no name of a metric: letters, digits, _ and :, first no digit`,
        { path: ["names", column] },
      );
    for (const label of Object.keys(own)) checkLabel(label);
    all.push({ column, name, labels: own, counts });
  }
  return all;
}

function checkLabel(label: string): void {
  if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
    throw new ArchitechError(
      "invalid-argument",
      `"${label}" is no name of a label: letters, digits and _, first no digit and not two _`,
      { path: ["labels", label] },
    );
}

function startOf(given: SampleOptions["start"], ends: number): number {
  if (given === undefined) return Date.now() - Math.round(ends * 1e3);
  const start = new Date(given).getTime();
  if (Number.isNaN(start))
    throw new ArchitechError("invalid-argument", `start: "${String(given)}" is no date such as 2026-01-31T08:00:00Z`, {
      path: ["start"],
    });
  return start;
}

function distinct(column: ReturnType<Table["getChild"]> | undefined, rows: number): Set<number> {
  const values = new Set<number>();
  for (let row = 0; row < rows; row++) values.add(Number(column?.get(row)));
  return values;
}
