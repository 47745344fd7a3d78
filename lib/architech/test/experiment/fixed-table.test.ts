import assert from "node:assert/strict";
import { tableFromIPC, tableToIPC } from "apache-arrow";
import { FixedTable } from "#src/experiment/fixed-table.js";
import { tableOpening } from "#src/experiment/table-opening.js";
import { TableReader } from "#src/experiment/table-reader.js";

const table = new FixedTable(
  [
    { name: "point", type: "int32" },
    { name: "scenario", type: "dictionary", values: ["one", "zwei", "três"] },
    { name: "latency", type: "float64", unit: "ms" },
  ],
  { every: "1" },
);

describe("FixedTable", () => {
  it("opening and batches together are an Arrow stream that apache-arrow reads", () => {
    const batches = [1, 3, 1, 1000].map((rows) =>
      table.batch([
        Int32Array.from({ length: rows }, (_, i) => i),
        Int32Array.from({ length: rows }, (_, i) => i % 3),
        Float64Array.from({ length: rows }, (_, i) => (i === 0 ? NaN : i / 3)),
      ]),
    );
    const read = tableFromIPC([tableOpening(table), ...batches]);
    assert.equal(read.numRows, 1005);
    assert.deepEqual(read.get(3)?.toJSON(), { point: 2, scenario: "três", latency: 2 / 3 });
    assert.ok(Number.isNaN(read.get(0)?.["latency"]), "NaN stays NaN");
    assert.equal(read.schema.fields[2]?.metadata.get("unit"), "ms");
    assert.equal(read.schema.metadata.get("every"), "1");
  });

  it("what apache-arrow reads of it and writes again, it reads as the same", () => {
    const columns = [Int32Array.of(7, 8), Int32Array.of(1, 2), Float64Array.of(1.5, NaN)];
    const read = tableFromIPC([tableOpening(table), table.batch(columns)]);
    assert.deepEqual(tableFromIPC(tableToIPC(read)).toArray().map(String), read.toArray().map(String));
    assert.deepEqual(Array.from(read.getChild("latency") ?? []), [1.5, NaN]);
  });

  it("a reader finds the columns without copying them", () => {
    const reader = new TableReader(tableOpening(table));
    assert.deepEqual(
      reader.columns.map(({ name, type, unit, values }) => [name, type, unit, values]),
      [
        ["point", "int32", undefined, undefined],
        ["scenario", "dictionary", undefined, ["one", "zwei", "três"]],
        ["latency", "float64", "ms", undefined],
      ],
    );
    const bytes = table.batch([Int32Array.of(1, 2), Int32Array.of(2, 0), Float64Array.of(0.5, 2)]);
    const { rows, columns } = reader.read(bytes);
    assert.equal(rows, 2);
    assert.deepEqual(
      columns.map((column) => [...column]),
      [
        [1, 2],
        [2, 0],
        [0.5, 2],
      ],
    );
    assert.ok(columns.every((column) => column.buffer === bytes.buffer));
  });
});
