import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ArchitechError } from "@architech/protocol";
import { FileDocuments } from "@architech/server";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { RunService } from "architech/host";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";
import { freshFolder } from "../folders.js";
import { allBytes, request } from "../runs/host.js";
import { serve } from "../serving.js";
import { streamed, sweep } from "./cluster-contract.js";
import { OneBus, report, timed } from "./one-bus.js";
import { until } from "./processes.js";
import { Warnings } from "./warnings.js";

const run = promisify(execFile);

/** A disk of a few MiB that a test can fill; only root may have one. */
class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async mount(mib: number): Promise<SmallDisk | undefined> {
    const folder = await freshFolder();
    const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "tmpfs", folder]).catch(() => undefined);
    return mounted && new SmallDisk(folder);
  }

  /** Leaves nothing free. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    await writeFile(join(this.folder, "ballast"), Buffer.alloc(bavail * bsize)).catch(() => {});
    await writeFile(join(this.folder, "last"), Buffer.alloc(1 << 16)).catch(() => {});
  }

  async free(): Promise<void> {
    for (const name of ["ballast", "last"]) await rm(join(this.folder, name), { force: true });
  }

  async unmount(): Promise<void> {
    await run("umount", ["-l", this.folder]);
  }
}

describe("a disk that is full", function () {
  this.timeout(60_000);
  let disk: SmallDisk;

  before(async function () {
    disk = (await SmallDisk.mount(96)) ?? missing(this, "a small disk (mount -t tmpfs, as root)");
  });
  after(() => disk?.unmount());
  afterEach(() => disk.free());

  it("of documents: a save is 507, what was there stays, and there is room again once some is made", async () => {
    const root = join(disk.folder, "documents");
    await mkdir(root);
    const { request: ask, json } = await serve({ documents: new FileDocuments(root) });
    const file = (content: string) => ({ type: "file", format: "text", content });
    await json("PUT", "api/contents/a.txt", file("one"));
    await disk.fill();
    const refused = await ask("PUT", "api/contents/a.txt", file("x".repeat(100_000)));
    assert.equal(refused.status, 507);
    assert.equal(((await refused.json()) as { code: string }).code, "storage-full");
    assert.equal((await json("GET", "api/contents/a.txt"))["content"], "one");
    await disk.free();
    await json("PUT", "api/contents/a.txt", file("x".repeat(100_000)));
  });

  it("of runs in one process: the run fails with storage-full, the next ones work once there is room", async () => {
    const service = await RunService.open({ folder: join(disk.folder, "runs"), workers: 1 });
    const wanted = request({ until: "10min", every: "100ms", seed: 8 });
    const { id } = await service.start(wanted);
    await disk.fill();
    const { state, error } = await service.ended(id);
    assert.deepEqual([state, error?.code], ["failed", "storage-full"]);
    await disk.free();
    const next = await service.start(request());
    assert.deepEqual(await allBytes(service.frames(next.id)), await streamed(request()));
    await service.close();
  });

  it("of a bus in one process: a run waits for room, and goes on; what is started is refused with storage-full", async () => {
    const bus = await LocalBus.open({ folder: join(disk.folder, "bus") });
    const warnings = new Warnings();
    const runs = await ClusterRuns.open({ bus, log: warnings });
    const worker = new ClusterWorker({ bus, log: warnings, workers: 1 });
    await worker.start();
    const wanted = sweep(600);
    const { id } = await runs.start(wanted);
    for await (const _ of runs.frames(id)) break;
    await disk.fill();
    await until(() => warnings.count(/disk is full|storage-full/) > 0, "somebody finds out");
    await assert.rejects(runs.start(request()), { code: "storage-full" });
    await disk.free();
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await streamed(wanted));
    report(
      `a full disk below the bus: all there ${seconds} s after there is room (${warnings.lines.length} lines of log)`,
    );
    assert.ok(warnings.lines.length < 200, "it does not try over and over");
    await worker.drain();
    await runs.close();
    await bus.close();
  });
});

describe("a NATS that may store no more", function () {
  this.timeout(60_000);
  let servers: TestNats[] = [];
  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    servers = await startNats(program, 1, { maxFile: "96MB" });
  });
  after(() => stopNats(servers));

  it("holds a run up, and refuses what is started with storage-full, until there is room", async () => {
    const cluster = new OneBus(servers[0]!.url, "full");
    const ballast = (await cluster.connect()).objects("ballast");
    const names: string[] = [];
    const fill = async () => {
      for (let size = 4 << 20; size >= 1_000; )
        try {
          names.push(await ballast.put(randomBytes(size)));
        } catch (error) {
          assert.equal((error as ArchitechError).code, "storage-full");
          size /= 2;
        }
    };
    await fill();
    // Room for the beginning of a run, however fast it is.
    for (const name of names.splice(0, 2)) await ballast.delete(name);
    const runs = await cluster.runs();
    const ofWorker = new Warnings();
    await cluster.worker({ log: ofWorker });
    const wanted = sweep(600);
    const { id } = await runs.start(wanted);
    for await (const _ of runs.frames(id)) break;
    // Rows find no room, or what came of tasks does not.
    const heldUp = () => runs.warnings.count(/no more space/) + ofWorker.count(/no more space/) > 0;
    await until(heldUp, "the run is held up");
    await fill();
    await assert.rejects(runs.start(request()), { code: "storage-full" });
    for (const name of names) await ballast.delete(name);
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await streamed(wanted));
    report(`NATS full: all there ${seconds} s after there is room (${runs.warnings.lines.length} lines of log)`);
    await cluster.close();
  });
});
