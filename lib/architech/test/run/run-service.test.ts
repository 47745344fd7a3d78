import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError, type Progress, readFrameHeader, tableNumbers } from "@architech/protocol";
import { logTable } from "#src/experiment/log-table.js";
import type { RunService } from "#src/run/run-service.js";
import { fillingUp } from "./run-log.test.js";
import { bytesOf, request, troubled, Workplace } from "./workplace.js";

const code =
  (expected: string) =>
  (error: unknown): boolean =>
    error instanceof ArchitechError && error.code === expected;

describe("RunService", function () {
  // Worker threads start slowly on a busy machine.
  this.timeout(20_000);
  const place = new Workplace();
  afterEach(() => place.clear());

  it("a run ends as done, with its rows and its state on disk", async () => {
    const folder = await place.folder();
    const service = await place.service({ folder });
    const { id, state } = await service.start(request());
    assert.ok(state === "running" || state === "queued");
    const bytes = await bytesOf(service, id);
    assert.equal((await service.ended(id)).state, "done");
    const info = await service.info(id);
    assert.deepEqual([info.state, info.done, info.total, info.cached], ["done", 6, 6, false]);
    assert.deepEqual((await readdir(join(folder, id))).sort(), ["request.json", "state.json", "stream.bin"]);
    assert.ok((await readFile(join(folder, id, "stream.bin"))).byteLength > bytes.byteLength);
  });

  it("survives a restart: another service over the folder reads the same bytes", async () => {
    const folder = await place.folder();
    const service = await place.service({ folder });
    const { id } = await service.start(request());
    const bytes = await bytesOf(service, id);
    await service.ended(id);
    const again = await place.service({ folder });
    assert.equal((await again.info(id)).state, "done");
    assert.deepEqual(await bytesOf(again, id), bytes);
  });

  it("a folder whose state was never written, or is nonsense, is an interrupted run too", async () => {
    const folder = await place.folder();
    await mkdir(join(folder, "11111111-aaaa"));
    await mkdir(join(folder, "22222222-bbbb"));
    await writeFile(join(folder, "22222222-bbbb", "state.json"), "{");
    await mkdir(join(folder, "not a run"));
    const service = await place.service({ folder });
    assert.deepEqual(
      (await service.list()).map(({ state, error }) => [state, error?.code]),
      [
        ["failed", "run-interrupted"],
        ["failed", "run-interrupted"],
      ],
    );
  });

  /** Starts and cancels endless runs: ten times at most, since the machine may be busy with other things, and one that is quick counts. */
  async function cancels(
    opened: () => Promise<RunService>,
    begun: (service: RunService, id: string) => Promise<unknown>,
  ) {
    let quickest = Number.POSITIVE_INFINITY;
    for (let seed = 1; seed <= 10 && quickest >= 100; seed++) {
      const service = await opened();
      const { id } = await service.start(request(troubled("endless"), { seed }));
      await begun(service, id);
      const since = performance.now();
      const { state } = await service.cancel(id);
      quickest = Math.min(quickest, performance.now() - since);
      assert.equal(state, "cancelled");
      assert.equal((await service.ended(id)).state, "cancelled");
      assert.equal((await service.cancel(id)).state, "cancelled");
    }
    assert.ok(quickest < 100, `${quickest} ms`);
  }

  it("cancel stops the work within 100 ms", async () => {
    const service = await place.service();
    await cancels(
      async () => service,
      (_, id) => firstProgress(service, id, ({ done }) => done > 0),
    );
  });

  it("cancel does not wait for a worker that is still starting", async () => {
    let service!: RunService;
    await cancels(
      async () => (service = await place.service()),
      async () => {},
    );
    const next = await service.start(request());
    assert.equal((await service.ended(next.id)).state, "done");
  });

  it("a task that does not come back is ended by force, and the pool works on", async () => {
    const service = await place.service({ workers: 1 });
    const { id } = await service.start(request(troubled("stuck")));
    await firstProgress(service, id, ({ done }) => done > 0);
    await service.cancel(id);
    const next = await service.start(request());
    assert.equal((await service.ended(next.id)).state, "done");
  });

  it("a task that crashes its worker twice is a failed row with its reason, and a run of nothing else has failed", async () => {
    const service = await place.service();
    const { id } = await service.start(request(troubled("crash"), { runs: 1 }));
    const { state, error } = await service.ended(id);
    assert.equal(state, "failed");
    assert.equal(error?.code, "worker-crashed");
    assert.match(error?.message ?? "", /replication 0 of point \d crashed 2 times/);
    assert.equal((await logOf(service, id)).length, 2);
    const next = await service.start(request());
    assert.equal((await service.ended(next.id)).state, "done");
  });

  it("an error of the model's own is reported with its message", async () => {
    const service = await place.service();
    const { id } = await service.start(request(troubled("throw")));
    const { error } = await service.ended(id);
    assert.deepEqual([error?.code, error?.message], ["task-failed", "no"]);
  });

  it("a saturated node is named in the log", async () => {
    const service = await place.service();
    const { id } = await service.start(request(troubled("saturated"), { runs: 1 }));
    assert.deepEqual(
      (await logOf(service, id)).map(({ code, node }) => [code, node]),
      [
        ["node-saturated", "api"],
        ["node-saturated", "api"],
      ],
    );
  });

  it("a full disk fails the run with the reason, and what was written stays readable", async () => {
    const folder = await place.folder();
    const service = await place.service({ folder, openFile: (path, flags) => fillingUp(path, flags, 9_000) });
    const { id } = await service.start(request(troubled(), { series: true }));
    const bytes = await bytesOf(service, id);
    const { state, error } = await service.ended(id);
    assert.deepEqual([state, error?.code], ["failed", "storage-full"]);
    assert.ok(bytes.byteLength > 2_000 && bytes.byteLength < 9_000);
    const again = await place.service({ folder });
    assert.equal((await again.info(id)).error?.code, "storage-full");
    assert.deepEqual(await bytesOf(again, id), bytes);
  });

  it("the same request is served from the run that is known already", async () => {
    const service = await place.service();
    const first = await service.start(request());
    const bytes = await bytesOf(service, first.id);
    await service.ended(first.id);
    const second = await service.start(request());
    assert.deepEqual([second.cached, second.state], [true, "done"]);
    assert.notEqual(second.id, first.id);
    assert.deepEqual(await bytesOf(service, second.id), bytes);
    await service.delete(first.id);
    assert.deepEqual(await bytesOf(service, second.id), bytes, "the shared rows outlive the run that made them");
    const layout = { ...troubled(), layout: { api: { x: 1, y: 2 } } };
    assert.equal((await service.start(request(layout))).cached, true, "where a diagram puts a node changes nothing");
    for (const other of [
      request(troubled(), { seed: 8 }),
      request(troubled(), { cache: false }),
      request({ ...troubled(), traffic: { to: "api", rate: "101rps", mix: { get: 1 } } }),
    ])
      assert.equal((await service.start(other)).cached, false);
  });

  it("the same request with the same id is one run, and another one is refused", async () => {
    const service = await place.service();
    const id = "posted-twice-1";
    const [a, b] = await Promise.all([service.start({ ...request(), id }), service.start({ ...request(), id })]);
    assert.deepEqual([a.id, b.id, (await service.list()).length], [id, id, 1]);
    await assert.rejects(service.start({ ...request(troubled(), { seed: 9 }), id }), code("run-exists"));
  });

  it("runs beyond the limit wait their turn, and too many are refused", async () => {
    const service = await place.service({ maxRunning: 1, maxQueued: 1 });
    const first = await service.start(request(troubled("endless")));
    const second = await service.start(request());
    assert.equal((await service.info(second.id)).state, "queued");
    await assert.rejects(service.start(request(troubled(), { seed: 9 })), code("too-many-runs"));
    await service.cancel(first.id);
    assert.equal((await service.ended(second.id)).state, "done");
  });

  it("a queued run can be cancelled", async () => {
    const service = await place.service({ maxRunning: 1 });
    const first = await service.start(request(troubled("endless")));
    const second = await service.start(request());
    assert.equal((await service.cancel(second.id)).state, "cancelled");
    await service.cancel(first.id);
  });

  it("a queued run that is cancelled twice at once leaves the others their turn", async () => {
    const service = await place.service({ maxRunning: 1 });
    const first = await service.start(request(troubled("endless")));
    const second = await service.start(request());
    const third = await service.start(request(troubled(), { seed: 2 }));
    const both = await Promise.all([service.cancel(second.id), service.cancel(second.id)]);
    assert.deepEqual(
      both.map(({ state }) => state),
      ["cancelled", "cancelled"],
    );
    await service.cancel(first.id);
    assert.equal((await service.ended(third.id)).state, "done");
  });

  it("keeps no more runs than it may, the oldest go, one that is read stays", async () => {
    const folder = await place.folder();
    const service = await place.service({ folder, maxKept: 2 });
    const ids: string[] = [];
    let reading: AsyncGenerator<Uint8Array> | undefined;
    for (let seed = 1; seed <= 4; seed++) {
      const { id } = await service.start(request(troubled(), { seed }));
      await service.ended(id);
      ids.push(id);
      if (seed === 1) await (reading = service.frames(id)).next();
    }
    const last = await service.start(request(troubled(), { seed: 5 }));
    await service.ended(last.id);
    await reading?.return(undefined);
    const kept = (await service.list()).map(({ id }) => id);
    assert.ok(kept.includes(ids[0] ?? "") && kept.includes(last.id) && kept.length <= 3, String(kept));
    assert.ok(!existsSync(join(folder, ids[1] ?? "")));
  });

  it("a deleted run is not found, and its folder is gone", async () => {
    const folder = await place.folder();
    const service = await place.service({ folder });
    const { id } = await service.start(request());
    await service.ended(id);
    await service.delete(id);
    await assert.rejects(service.info(id), code("run-not-found"));
    await assert.rejects(service.delete(id), code("run-not-found"));
    assert.deepEqual(await readdir(folder), []);
  });

  it("reports progress and the time left", async () => {
    const service = await place.service({ workers: 1 });
    const { id } = await service.start(request(troubled(), { until: "4h", runs: 20 }));
    const { done, total, leftMs } = await firstProgress(service, id, ({ leftMs }) => leftMs !== undefined);
    assert.equal(total, 40);
    assert.ok(done > 0 && done < 40 && (leftMs ?? 0) > 0);
    await service.cancel(id);
  });

  it("replicates until the interval is narrow enough, and not beyond the bound", async () => {
    const service = await place.service();
    const replications = async (halfWidth: string, runs: number): Promise<number> => {
      const { id } = await service.start(
        request(troubled(), { halfWidth, metric: "api.latency.mean", runs, until: "5s" }),
      );
      await service.ended(id);
      return (await service.info(id)).total / 2;
    };
    const [loose, tight, bound] = [
      await replications("50%", 200),
      await replications("12%", 200),
      await replications("0.01%", 25),
    ];
    assert.equal(loose, 10);
    assert.ok(tight > 10 && tight < 200, String(tight));
    assert.equal(bound, 25);
  });

  const bad: [string, unknown, string][] = [
    ["no request at all", undefined, "bad-run-request"],
    ["a change of an unknown node", { ...request(), points: [{ key: {}, change: { apii: { threads: 1 } } }] }, ""],
    ["a model that is none", { ...request(), model: { architech: 1 } }, ""],
    ["a duration that is none", request(troubled(), { until: "5msec" }), ""],
    ["a warm-up that leaves nothing", request(troubled(), { warmup: "20s" }), "bad-run-request"],
    ["a million intervals", request(troubled(), { until: "10h", every: "1ms" }), "bad-run-request"],
    ["a metric that the model lacks", request(troubled(), { halfWidth: "1%", metric: "apii.util" }), "unknown-metric"],
  ];
  for (const [what, value, expected] of bad)
    it(`refuses ${what}, before anything is written`, async () => {
      const folder = await place.folder();
      const service = await place.service({ folder });
      await assert.rejects(
        service.start(value),
        (error) => error instanceof ArchitechError && (expected === "" || error.code === expected),
      );
      assert.deepEqual(await readdir(folder), []);
    });
});

async function firstProgress(
  service: RunService,
  id: string,
  is: (progress: Progress) => boolean = () => true,
): Promise<Progress> {
  const found = new EventTarget();
  const event = once(found, "progress");
  const stop = service.onProgress(id, (progress) => {
    if (is(progress)) found.dispatchEvent(Object.assign(new Event("progress"), { progress }));
  });
  const [{ progress }] = (await event) as [{ progress: Progress }];
  stop();
  return progress;
}

async function logOf(service: RunService, id: string): Promise<ReturnType<typeof logTable.read>> {
  const rows: ReturnType<typeof logTable.read> = [];
  for await (const frame of service.frames(id)) {
    const { table, flags } = readFrameHeader(frame);
    if (table === tableNumbers.log && flags === 0) rows.push(...logTable.read(logTable.opening(), frame.slice(8)));
  }
  return rows;
}
