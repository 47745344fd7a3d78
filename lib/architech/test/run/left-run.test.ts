import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { pause, readFrameHeader, tableNumbers } from "@architech/protocol";
import type { SimulationRequest } from "#src/experiment/stream-source.js";
import { BegunTasks } from "#src/run/begun-tasks.js";
import { type ProcessMark, thisProcess } from "#src/run/process-mark.js";
import { RunService } from "#src/run/run-service.js";
import { bytesOf, request, simulator, troubled, Workplace } from "./workplace.js";

const child = fileURLToPath(new URL("./left-child.js", import.meta.url));

/** Twenty-four tasks. */
const many = (options: Partial<SimulationRequest["options"]> = {}): SimulationRequest =>
  request(troubled(), { until: "10min", runs: 12, series: false, ...options });

interface Left {
  readonly folder: string;
  readonly id: string;
}

interface State {
  key?: string;
  readonly user?: string;
  readonly resumed?: { readonly times: number; readonly tasks: number; readonly kept: number };
}

describe("a run that its process has left", function () {
  this.timeout(60_000);
  const place = new Workplace();
  afterEach(() => place.clear());

  const stateFile = (folder: string, id: string): string => join(folder, id, "state.json");
  const stateOf = async (folder: string, id: string): Promise<State> =>
    JSON.parse(await readFile(stateFile(folder, id), "utf8")) as State;

  /**
   * Starts it, and leaves it as a process does that is ended, when the tasks of so many replications are over. The next
   * can go on: the model's name, which changes no row, says what is waited for.
   */
  async function left(wanted: SimulationRequest, replications: number, user?: string): Promise<Left> {
    const folder = await place.folder();
    const goOn = join(await place.folder(), "go on");
    const service = await RunService.open({ folder, simulator, workers: 2 });
    const model = { ...wanted.model, name: `wait ${replications} ${goOn}` };
    const { id } = await service.start({ ...wanted, model }, user === undefined ? {} : { user });
    let tasks = 0;
    for await (const frame of service.frames(id)) {
      const { table, flags } = readFrameHeader(frame);
      if (table === tableNumbers.summary && flags === 0) tasks++;
      if (tasks === 2 * replications) break;
    }
    await service.close();
    await writeFile(goOn, "");
    return { folder, id };
  }

  async function whole(wanted: SimulationRequest): Promise<Buffer> {
    const service = await place.service();
    const { id } = await service.start(wanted);
    return bytesOf(service, id);
  }

  it("is gone on with by the next, and has the bytes that it would have had", async () => {
    for (const wanted of [many(), many({ series: true, every: "1min" })]) {
      const { folder, id } = await left(wanted, 5, "ada");
      const again = await place.service({ folder });
      const bytes = await bytesOf(again, id);
      assert.equal((await again.ended(id)).state, "done");
      const { state, done, total } = await again.info(id);
      assert.deepEqual([state, done, total], ["done", 24, 24]);
      assert.ok(bytes.equals(await whole(wanted)));
      const { resumed, user } = await stateOf(folder, id);
      assert.deepEqual([resumed, user], [{ times: 1, tasks: 10, kept: 0 }, "ada"]);
      assert.equal((await again.start(wanted)).cached, true, "its rows are known like any others");
    }
  });

  it("is gone on with after a SIGKILL, by events", async () => {
    const folder = await place.folder();
    const { name: _, ...model } = troubled();
    const wanted = request(model, { until: "1h", runs: 20, series: false });
    const process_ = spawn(process.execPath, ["--conditions", "unbundled", child, folder, JSON.stringify(wanted)]);
    let [id, seen] = ["", 0];
    for await (const line of createInterface(process_.stdout)) {
      id = line;
      if (++seen === 6) process_.kill("SIGKILL");
    }
    if (process_.exitCode === null && process_.signalCode === null) await once(process_, "exit");
    assert.equal(process_.signalCode, "SIGKILL");
    const begun = performance.now();
    const again = await RunService.open({ folder, workers: 2 });
    const opened = performance.now() - begun;
    const bytes = await bytesOf(again, id);
    assert.equal((await again.ended(id)).state, "done");
    const fresh = await RunService.open({ folder: await place.folder(), workers: 2 });
    assert.ok(bytes.equals(await bytesOf(fresh, (await fresh.start(wanted)).id)));
    console.log(
      `      recovered in ${opened.toFixed(0)} ms; of 40 tasks ${(await stateOf(folder, id)).resumed!.tasks} stayed`,
    );
    for (const service of [again, fresh]) await service.close();
  });

  /** A request of so many long tasks side by side, left by a SIGKILL when each of them was kept. */
  async function leftOnTheWay(tasks: 1 | 2): Promise<Left & { readonly wanted: SimulationRequest }> {
    const folder = await place.folder();
    const { name: _, ...model } = troubled();
    const all = request(model, { until: "36h", runs: 1, every: "1min" });
    const wanted = { ...all, points: all.points.slice(0, tasks) };
    const options = JSON.stringify({ workers: tasks, checkpointMs: 300 });
    const args = ["--conditions", "unbundled", child, folder, JSON.stringify(wanted), options];
    const process_ = spawn(process.execPath, args);
    const [id] = (await once(createInterface(process_.stdout), "line")) as [string];
    for (let task = 0; task < tasks; task++)
      while (!existsSync(join(folder, id, "begun", String(task)))) await pause(10);
    process_.kill("SIGKILL");
    await once(process_, "exit");
    assert.equal(process_.signalCode, "SIGKILL");
    return { folder, id, wanted };
  }

  it("has long tasks gone on with from where they were", async () => {
    const { folder, id, wanted } = await leftOnTheWay(2);
    const kept = await BegunTasks.found(join(folder, id, "begun"), 0);
    const again = await RunService.open({ folder, workers: 2 });
    const told = new Promise<number>((resolve) => {
      const stop = again.onProgress(id, ({ done }) => {
        if (done === 0) return;
        stop();
        resolve(done);
      });
    });
    const bytes = await bytesOf(again, id);
    assert.equal((await again.ended(id)).state, "done");
    const fresh = await RunService.open({ folder: await place.folder(), workers: 2 });
    assert.ok(bytes.equals(await bytesOf(fresh, (await fresh.start(wanted)).id)));
    // Of each a few frames open tables and close it; most are rows of its series.
    const frames = (await again.info(id)).frames / 2;
    const share = Math.min(...[0, 1].map((task) => (kept.of(task)?.batches.length ?? 0) / frames));
    const first = await told;
    console.log(`      two tasks were kept at ${(100 * share).toFixed(0)} %, and gone on with there`);
    assert.ok(share > 0 && first > 0.9 * share, `kept at ${share}, gone on with at ${first}`);
    await assert.rejects(readdir(join(folder, id, "begun")), { code: "ENOENT" });
    for (const service of [again, fresh]) await service.close();
  });

  it("begins a long task anew where what was kept of it is damaged, and has the same bytes", async () => {
    const { folder, id, wanted } = await leftOnTheWay(1);
    const path = join(folder, id, "begun", "0");
    await writeFile(path, (await readFile(path)).fill(0, 500, 600));
    const again = await RunService.open({ folder, workers: 2 });
    const fresh = await RunService.open({ folder: await place.folder(), workers: 2 });
    const { id: other } = await fresh.start(wanted);
    const [bytes, expected] = await Promise.all([bytesOf(again, id), bytesOf(fresh, other)]);
    assert.ok(bytes.equals(expected));
    for (const service of [again, fresh]) await service.close();
  });

  it("is left alone while its process lives, and gone on with where another has its number", async () => {
    const { folder, id } = await left(many(), 5);
    const state = await stateOf(folder, id);
    const of = async (other: ProcessMark): Promise<RunService> => {
      const { birth: _, ...rest } = { ...state, ...thisProcess };
      await writeFile(stateFile(folder, id), JSON.stringify({ ...rest, ...other }));
      return place.service({ folder });
    };
    // Of the process that started this one nobody has noted more than its number.
    await assert.rejects((await of({ pid: process.ppid })).info(id), { code: "run-not-found" });
    const again = await of({
      pid: process.ppid,
      ...(thisProcess.birth === undefined ? { pid: 0 } : { birth: "earlier" }),
    });
    assert.equal((await again.ended(id)).state, "done");
  });

  it("drops what a task has not finished, and a frame that is not whole", async () => {
    const wanted = many({ series: true, every: "1min" });
    const { folder, id } = await left(wanted, 5);
    await appendFile(join(folder, id, "stream.bin"), Uint8Array.of(99, 0, 0, 0, 1, 2, 3));
    const again = await place.service({ folder });
    assert.ok((await bytesOf(again, id)).equals(await whole(wanted)));
  });

  it("has the rounds of a wanted precision that it would have had", async () => {
    const wanted = many({ halfWidth: "12%", metric: "api.latency.mean", runs: 200, until: "5s" });
    const expected = await whole(wanted);
    for (const replications of [3, 10, 14]) {
      const { folder, id } = await left(wanted, replications);
      const again = await place.service({ folder });
      assert.ok((await bytesOf(again, id)).equals(expected), `left after ${replications} replications`);
    }
  });

  it("is over where only that was not written", async () => {
    const wanted = many({ runs: 3 });
    const folder = await place.folder();
    const service = await place.service({ folder });
    const { id } = await service.start(wanted);
    const bytes = await bytesOf(service, id);
    await service.ended(id);
    const state = JSON.parse(await readFile(stateFile(folder, id), "utf8")) as { info: object };
    await writeFile(stateFile(folder, id), JSON.stringify({ ...state, info: { ...state.info, state: "running" } }));
    const again = await place.service({ folder });
    assert.equal((await again.ended(id)).state, "done");
    assert.ok((await bytesOf(again, id)).equals(bytes));
  });

  it("ends as interrupted when it has come no further three times, and its rows stay readable", async () => {
    const folder = await place.folder();
    const first = await RunService.open({ folder, simulator });
    const { id } = await first.start(request(troubled("endless")));
    for await (const _ of first.frames(id)) break;
    await first.close();
    for (let i = 0; i < 3; i++) {
      const again = await RunService.open({ folder, simulator });
      assert.notEqual((await again.info(id)).state, "failed");
      for await (const _ of again.frames(id)) break;
      await again.close();
    }
    const last = await place.service({ folder });
    const { state, error } = await last.info(id);
    assert.deepEqual([state, error?.code], ["failed", "run-interrupted"]);
    assert.match(error?.message ?? "", /the 3 after it have come no further/);
    assert.ok((await bytesOf(last, id)).byteLength > 0);
    assert.equal((await last.ended(id)).error?.code, "run-interrupted");
  });

  it("ends as interrupted where another version has begun it", async () => {
    const { folder, id } = await left(many(), 5);
    const state = await stateOf(folder, id);
    await writeFile(stateFile(folder, id), JSON.stringify({ ...state, key: "of another version" }));
    const again = await place.service({ folder });
    const { error } = await again.info(id);
    assert.equal(error?.code, "run-interrupted");
    assert.match(error?.message ?? "", /this version gives other results/);
    assert.ok((await bytesOf(again, id)).byteLength > 0);
  });

  it("ends as interrupted where it was not written what was asked", async () => {
    const { folder, id } = await left(many(), 5);
    await writeFile(join(folder, id, "request.json"), "{");
    const again = await place.service({ folder });
    assert.match((await again.info(id)).error?.message ?? "", /was not written whole/);
  });
});
