import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TableName } from "@architech/protocol";
import { BegunTasks } from "#src/run/begun-tasks.js";
import type { Job } from "#src/run/job.js";
import { keptJob } from "#src/run/kept-job.js";
import type { PlannedTask } from "#src/run/plan.js";
import { Workplace } from "./workplace.js";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("tasks that have begun", () => {
  const place = new Workplace();
  afterEach(() => place.clear());

  async function kept(): Promise<{ folder: string; tasks: BegunTasks }> {
    const folder = join(await place.folder(), "begun");
    const tasks = new BegunTasks(folder, 1);
    tasks.reached(7, { batches: [{ table: "series", bytes: bytes(1, 2) }], checkpoint: bytes(9) });
    tasks.reached(8, { batches: [], checkpoint: bytes(8) });
    await tasks.idle();
    return { folder, tasks };
  }

  it("are found by the next process, each with what it gave", async () => {
    const { folder, tasks } = await kept();
    const found = await BegunTasks.found(folder, 5);
    assert.equal(found.everyMs, 5);
    assert.deepEqual(
      found.of(7)?.batches.map(({ table, bytes: rows }) => [table, [...rows]]),
      [["series", [1, 2]]],
    );
    assert.deepEqual([...(found.of(7)?.checkpoint ?? [])], [9]);
    assert.equal(found.of(9), undefined);
    assert.ok(found.newest > Date.now() - 60_000);
    tasks.ended(7);
    await tasks.idle();
    assert.deepEqual(await readdir(folder), ["8"]);
    found.ended(8);
    await found.clear();
    await assert.rejects(readdir(folder), { code: "ENOENT" });
  });

  it("are as if they were not there where a file is not whole", async () => {
    const { folder } = await kept();
    const whole = await readFile(join(folder, "7"));
    for (let at = 0; at < whole.length; at++) {
      await writeFile(
        join(folder, "7"),
        whole.map((byte, i) => (i === at ? byte ^ 0x10 : byte)),
      );
      assert.equal((await BegunTasks.found(folder, 5)).of(7), undefined, `damaged at ${at}`);
      await writeFile(join(folder, "7"), whole.subarray(0, at));
      assert.equal((await BegunTasks.found(folder, 5)).of(7), undefined, `cut off at ${at}`);
    }
    assert.ok((await BegunTasks.found(folder, 5)).of(8) !== undefined);
  });

  it("cost nothing where a disk takes nothing", async () => {
    const file = join(await place.folder(), "file");
    await writeFile(file, "");
    const tasks = new BegunTasks(join(file, "begun"), 1);
    tasks.reached(1, { batches: [], checkpoint: bytes(1) });
    tasks.ended(1);
    await tasks.clear();
    assert.equal((await BegunTasks.found(join(file, "begun"), 1)).of(1), undefined);
  });

  /** A job of task 7, and what it was given. */
  function job(): { job: Job; given: [TableName, number][]; ended: number } {
    const given: [TableName, number][] = [];
    const told = { given, ended: 0 };
    return Object.assign(told, {
      job: {
        task: { number: 7 } as PlannedTask,
        control: new Int32Array(new SharedArrayBuffer(8)),
        batch: (table: TableName, rows: Uint8Array) => void given.push([table, rows[0]!]),
        log: () => assert.fail("rows of the log come as a batch"),
        share: () => {},
        end: () => void told.ended++,
      },
    });
  }

  it("give first what they gave, and nothing twice where one begins anew all the same", async () => {
    const { folder } = await kept();
    const found = await BegunTasks.found(folder, 5);
    const of = job();
    const again = keptJob(of.job, found);
    assert.deepEqual([...(again.from ?? [])], [9]);
    again.refused?.("");
    again.batch("series", bytes(1, 2));
    again.batch("series", bytes(3));
    assert.deepEqual(of.given, [
      ["series", 1],
      ["series", 3],
    ]);
    again.checkpoint?.(bytes(10));
    await found.idle();
    assert.equal((await BegunTasks.found(folder, 5)).of(7)?.batches.length, 2);
    again.end(undefined);
    await found.idle();
    assert.ok((await readdir(folder)).includes("7"), "one that is stopped may be gone on with");
  });

  it("are kept no further where they have given too much to hold", async () => {
    const { folder } = await kept();
    const of = job();
    const found = await BegunTasks.found(folder, 5);
    const large = keptJob(of.job, found);
    const before = await readFile(join(folder, "7"));
    large.batch("series", new Uint8Array(16 << 20));
    large.checkpoint?.(bytes(10));
    large.log([]);
    await found.idle();
    assert.deepEqual(await readFile(join(folder, "7")), before);
    assert.equal(of.given.length, 3);
  });
});
