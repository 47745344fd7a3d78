import assert from "node:assert/strict";
import { Dictionary, Float64, Int32, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { FixedTable } from "#src/experiment/fixed-table.js";
import { logTable } from "#src/experiment/log-table.js";
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

  it("a reader understands what apache-arrow writes", () => {
    const written = new Table({
      point: vectorFromArray([1, 2], new Int32()),
      scenario: vectorFromArray(["two", "one"], new Dictionary(new Utf8(), new Int32())),
      note: vectorFromArray(["", "três"], new Utf8()),
      latency: vectorFromArray([0.5, 2], new Float64()),
    });
    const bytes = tableToIPC(written, "stream");
    const reader = new TableReader(bytes);
    assert.deepEqual(
      reader.columns.map(({ name, type, values }) => [name, type, values]),
      [
        ["point", "int32", undefined],
        ["scenario", "dictionary", ["two", "one"]],
        ["note", "text", undefined],
        ["latency", "float64", undefined],
      ],
    );
    const { columns } = reader.read(bytes);
    assert.deepEqual([...(columns[0] ?? [])], [1, 2]);
    assert.deepEqual([...(columns[1] ?? [])], [0, 1]);
    assert.deepEqual(reader.texts(bytes, "note"), ["", "três"]);
    assert.deepEqual([...(columns[3] ?? [])], [0.5, 2]);
  });

  it("has as many columns as it takes, each with its name and unit", () => {
    const columns = Array.from(
      { length: 1000 },
      (_, i) => ({ name: `column.${i}`, type: "float64", unit: i % 2 === 0 ? "ms" : "1/s" }) as const,
    );
    const wide = new FixedTable(columns);
    const bytes = wide.batch(columns.map((_, i) => Float64Array.of(i)));
    const read = tableFromIPC([tableOpening(wide), bytes]);
    assert.deepEqual(
      read.schema.fields.map(({ name, metadata }) => [name, metadata.get("unit")]),
      columns.map(({ name, unit }) => [name, unit]),
    );
    assert.equal(read.getChild("column.999")?.get(0), 999);
    const reader = new TableReader(tableOpening(wide));
    assert.deepEqual(reader.columns, columns);
    assert.equal(reader.read(bytes).columns[reader.index.get("column.999") ?? -1]?.[0], 999);
  });
});

describe("logTable", () => {
  const rows = [
    { point: 0, replication: 3, code: "node-saturated", node: "api", message: "api gets more than it can do" },
    { point: 7, replication: 0, code: "task-failed", node: "", message: "größer als möglich" },
  ];

  it("is an Arrow stream that apache-arrow reads", () => {
    const read = tableFromIPC([logTable.opening(), logTable.rows(rows), logTable.rows(rows.slice(1))]);
    assert.deepEqual(
      read.toArray().map((row: { toJSON(): unknown }) => row.toJSON()),
      [...rows, rows[1]],
    );
  });

  it("reads its rows back", () => {
    assert.deepEqual(logTable.read(logTable.opening(), logTable.rows(rows)), rows);
  });
});
