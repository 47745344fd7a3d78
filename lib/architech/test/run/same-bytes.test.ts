import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { frameBody, readFrameHeader, tableNumbers } from "@architech/protocol";
import { tableFromIPC } from "apache-arrow";
import { bytesOf, request, troubled, Workplace } from "./workplace.js";

describe("same seed, same Arrow bytes", function () {
  this.timeout(20_000);
  const place = new Workplace();
  let expected: Buffer;
  after(() => place.clear());

  async function bytes(workers: number, name?: string): Promise<Buffer> {
    const service = await place.service({ workers });
    const { id } = await service.start(request(troubled(name), { series: true }));
    const all = await bytesOf(service, id);
    assert.equal((await service.ended(id)).state, "done");
    return all;
  }

  before(async () => {
    expected = await bytes(0);
  });

  it("in this thread, and on one, two and four workers", async () => {
    assert.ok(expected.byteLength > 10_000);
    for (const workers of [0, 1, 2, 4]) assert.deepEqual(await bytes(workers), expected, `${workers} workers`);
  });

  it("although a worker crashed in the middle of a task", async () => {
    const mark = join(await place.folder(), "crashed");
    assert.deepEqual(await bytes(2, `crash once ${mark}`), expected);
    assert.ok(existsSync(mark), "a worker has crashed");
  });

  it("and other bytes for another seed", async () => {
    const service = await place.service();
    const { id } = await service.start(request(troubled(), { series: true, seed: 8 }));
    assert.notDeepEqual(await bytesOf(service, id), expected);
  });

  it("the frames of each table are one valid Arrow stream, tasks in order", async () => {
    const service = await place.service({ workers: 4 });
    const { id } = await service.start(request());
    const tables = new Map<number, Uint8Array[]>();
    let seq = 0;
    for await (const frame of service.frames(id)) {
      const header = readFrameHeader(frame);
      assert.equal(header.seq, seq++);
      tables.set(header.table, [...(tables.get(header.table) ?? []), frameBody(frame).slice()]);
    }
    const summary = tableFromIPC(tables.get(tableNumbers.summary));
    assert.deepEqual(
      summary
        .toArray()
        .map((row: { replication: number; point: number; threads: number }) => [
          row.replication,
          row.point,
          row.threads,
        ]),
      [
        [0, 0, 2],
        [0, 1, 4],
        [1, 0, 2],
        [1, 1, 4],
        [2, 0, 2],
        [2, 1, 4],
      ],
    );
    const series = tableFromIPC(tables.get(tableNumbers.series));
    assert.equal(series.numRows, 2 * 20 * 2, "the first replication of both points: 20 intervals of two nodes");
    assert.equal(series.get(1)?.["node"], "traffic");
    assert.equal(tableFromIPC(tables.get(tableNumbers.histogram)).numRows, 2 * 2);
  });
});
