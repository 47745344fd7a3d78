import { bucketBound, pageSize } from "../engine/histogram.js";
import { type FixedColumn, FixedTable } from "./fixed-table.js";
import { tableOpening } from "./table-opening.js";
import { TableReader } from "./table-reader.js";

/** Buckets of latency that hold something, with their bounds in ms. */
interface Buckets {
  readonly point: readonly number[];
  readonly replication: readonly number[];
  readonly node: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly count: readonly number[];
}

/**
 * Calls back for each bucket that holds something in the rows of a `histogram` table, with the first row of its page.
 * Columns: as the table's reader gives them.
 */
export function eachBucket(
  columns: readonly ArrayLike<number>[],
  take: (row: number, low: number, high: number, count: number) => void,
): void {
  const [points = [], replications = [], nodes = [], pages = [], counts = []] = columns;
  const isSame = (a: number, b: number): boolean =>
    [pages, nodes, replications, points].every((column) => column[a] === column[b]);
  for (let row = 0, end = 0; row < pages.length; row = end) {
    // What one row cannot count exactly is in the next.
    for (end = row + 1; end < pages.length && isSame(row, end); ) end++;
    for (let i = 0; i < pageSize; i++) {
      let count = 0;
      for (let of = row; of < end; of++) count += counts[of * pageSize + i]!;
      if (count === 0) continue;
      const bucket = pages[row]! * pageSize + i;
      take(row, bucketBound(bucket), bucketBound(bucket + 1), count);
    }
  }
}

/**
 * The `histogram` of a stream as the bytes of an Arrow table with a row for each bucket: `point`, `replication`, `node`,
 * `low` and `high` in ms, `count`. The first of the messages opens the table.
 */
export function bucketTable([opening, ...batches]: readonly Uint8Array[]): Uint8Array[] {
  if (opening === undefined) return [];
  const reader = new TableReader(opening);
  const table = new FixedTable([
    ...reader.columns.slice(0, 3).map((column) => column as FixedColumn),
    { name: "low", type: "float64", unit: "ms" },
    { name: "high", type: "float64", unit: "ms" },
    { name: "count", type: "float64", unit: "1" },
  ]);
  return [tableOpening(table), ...batches.map((bytes) => table.batch(columnsOf(bucketsOf(reader, bytes))))];
}

function bucketsOf(reader: TableReader, bytes: Uint8Array): Buckets {
  const { columns } = reader.read(bytes);
  const [points, replications, nodes] = columns;
  const found = { point: [], replication: [], node: [], low: [], high: [], count: [] } as Record<
    keyof Buckets,
    number[]
  >;
  eachBucket(columns, (row, low, high, count) => {
    found.point.push(points![row]!);
    found.replication.push(replications![row]!);
    found.node.push(nodes![row]!);
    found.low.push(low);
    found.high.push(high);
    found.count.push(count);
  });
  return found;
}

function columnsOf({ point, replication, node, low, high, count }: Buckets): (Int32Array | Float64Array)[] {
  return [
    ...[point, replication, node].map((values) => Int32Array.from(values)),
    ...[low, high, count].map((values) => Float64Array.from(values)),
  ];
}
