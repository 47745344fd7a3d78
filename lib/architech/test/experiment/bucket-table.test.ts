import assert from "node:assert/strict";
import { encodeFrame, frameFlags, tableNumbers } from "@architech/protocol";
import { tableFromIPC } from "apache-arrow";
import { bucketBound, pageSize } from "#src/engine/histogram.js";
import { bucketTable } from "#src/experiment/bucket-table.js";
import { HistogramTable } from "#src/experiment/stream-tables.js";
import { tableOpening } from "#src/experiment/table-opening.js";
import { view } from "#src/experiment/view.js";
import { histogramRows } from "#src/simulation/histogram-rows.js";
import type { Layout } from "#src/simulation/layout.js";
import type { HistogramRows } from "#src/simulation/task.js";
import type { Totals } from "#src/simulation/totals.js";

/** Counts by bucket of the only node, as a machine with one page for each 32 of them has them. */
function rowsOf(counts: ReadonlyMap<number, number>): HistogramRows {
  const places = [...new Set([...counts.keys()].map((bucket) => Math.floor(bucket / pageSize)))];
  const pages = new Float64Array(places.length * pageSize);
  for (const [bucket, count] of counts)
    pages[places.indexOf(Math.floor(bucket / pageSize)) * pageSize + (bucket % pageSize)] = count;
  const machine = {
    pages: places.length,
    touched: new Int32Array(2),
    pageInfo: Int32Array.from(places.flatMap((place) => [0, place, 0, 0])),
  };
  const layout = { nodes: [{ meters: [0] }], traffic: { meters: [] } } as unknown as Layout;
  return histogramRows(machine, layout, { pages } as unknown as Totals);
}

const table = new HistogramTable({ keys: [{}], metrics: [], nodes: ["api", "traffic"], everySeconds: 1 });

/** A bucket with one, some with what a float32 cannot say, and one with a part of one as a GPU gives them. */
const counts: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [31, 2 ** 24 + 1],
  [32, 123_456_789_012_345],
  [33, 0.25],
  [4_000, 7],
]);

describe("histograms in a stream", () => {
  it("are pages, which say every count exactly", () => {
    const rows = rowsOf(counts);
    const found = new Map<number, number>();
    for (const [i, count] of rows.counts.entries()) {
      const bucket = rows.page[Math.floor(i / pageSize)]! * pageSize + (i % pageSize);
      if (count !== 0) found.set(bucket, (found.get(bucket) ?? 0) + count);
    }
    assert.deepEqual(found, counts);
    assert.deepEqual([...rows.page], [0, 0, 1, 1, 125]);
    assert.deepEqual(rowsOf(new Map()).page.length, 0);
  });

  it("are lists of float32 to Arrow's own library", () => {
    const rows = rowsOf(counts);
    const read = tableFromIPC([tableOpening(table), table.rows({ point: 3, replication: 2 }, rows)]);
    assert.deepEqual(
      read.schema.fields.map(({ name, type }) => `${name}: ${type}`),
      [
        "point: Int32",
        "replication: Int32",
        "node: Dictionary<Int32, Utf8>",
        "page: Int32",
        "counts: FixedSizeList[32]<Float32>",
      ],
    );
    assert.equal(read.numRows, 5);
    const row = read.get(4)!.toJSON() as { page: number; node: string; counts: { toArray(): Float32Array } };
    assert.deepEqual([row["page"], row["node"]], [125, "api"]);
    assert.deepEqual([...row["counts"].toArray()], [...rows.counts.subarray(4 * pageSize)]);
  });

  it("are a table of buckets to users, one row for each", () => {
    const bodies = [0, 1].map((replication) => table.rows({ point: 3, replication }, rowsOf(counts)));
    const read = tableFromIPC(bucketTable([tableOpening(table), ...bodies]));
    const rows = [...counts].map(([bucket, count]) => ({
      point: 3,
      node: "api",
      low: bucketBound(bucket),
      high: bucketBound(bucket + 1),
      count,
    }));
    const expected = [0, 1].flatMap((replication) => rows.map((row) => ({ ...row, replication })));
    assert.deepEqual(
      read.toArray().map((row) => ({ ...(row as { toJSON(): object }).toJSON() })),
      expected,
    );
    assert.equal(read.schema.fields.find(({ name }) => name === "low")?.metadata.get("unit"), "ms");
    assert.equal(tableFromIPC(bucketTable([])).numRows, 0);
  });

  it("are added up over replications by a view, of one node and point", () => {
    let seq = 0;
    const frame = (body: Uint8Array, flags = 0): Uint8Array =>
      encodeFrame({ table: tableNumbers.histogram, flags, seq: seq++ }, body);
    const rows = view({ of: "histogram", node: "api", point: 1 });
    const other = view({ of: "histogram", node: "traffic" });
    for (const each of [rows, other]) each.add(frame(tableOpening(table), frameFlags.schema));
    for (const [point, replication] of [
      [1, 0],
      [1, 1],
      [0, 0],
    ] as const) {
      const body = table.rows({ point, replication }, rowsOf(counts));
      assert.equal(rows.add(frame(body)).length, point === 1 ? counts.size : 0);
      other.add(frame(body));
    }
    assert.deepEqual(
      rows.rows().map(({ low, count }) => [low, count]),
      [...counts].map(([bucket, count]) => [bucketBound(bucket), 2 * count]),
    );
    assert.deepEqual(other.rows(), []);
  });
});
