import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFrameHeader } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { freshFolder } from "../folders.js";
import { allBytes } from "../runs/host.js";
import { streamed, sweep } from "./cluster-contract.js";
import { OneBus, report, timed } from "./one-bus.js";

const child = fileURLToPath(new URL("service.js", import.meta.url));

/** The library that sets the clock of one process, of Debian's package `faketime`. */
async function findFaketime(): Promise<string | undefined> {
  const folders = (await readdir("/usr/lib").catch(() => [])).map((name) => join("/usr/lib", name));
  return folders.map((folder) => join(folder, "faketime", "libfaketimeMT.so.1")).find((path) => existsSync(path));
}

describe("clocks that disagree", function () {
  this.timeout(60_000);
  let servers: TestNats[] = [];
  let library: string;
  const children: ChildProcess[] = [];

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    library = (await findFaketime()) ?? missing(this, "libfaketime (apt-get install faketime)");
    servers = await startNats(program, 1);
  });
  after(async () => {
    for (const process of children) process.kill("SIGKILL");
    await stopNats(servers);
  });

  /** A service whose time of day is off by what a file says, at any moment. */
  async function service(
    role: string,
    off: string,
  ): Promise<{ process: ChildProcess; set(off: string): Promise<void> }> {
    const file = join(await freshFolder(), "off");
    const set = (now: string): Promise<void> => writeFile(file, now);
    await set(off);
    const env = {
      ...process.env,
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      // Nobody can set that one.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
    const started = fork(child, [role, servers[0]!.url, "clocks"], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env,
    });
    children.push(started);
    await once(started, "message");
    return { process: started, set };
  }

  it("by hours, and jump in mid-run: nobody loses a lease, nothing is lost, and the bytes are the same", async () => {
    const leader = await service("runs", "+1h");
    const [ahead, behind] = [await service("worker", "+3h"), await service("worker", "-1h")];
    const wanted = sweep(600);
    const asked = once(leader.process, "message") as Promise<[string]>;
    leader.process.send(wanted);
    const [id] = await asked;
    const cluster = new OneBus(servers[0]!.url, "clocks");
    const host = await cluster.runs();
    const { created } = await host.info(id);
    assert.ok(Math.abs(created - Date.now() - 3_600_000) < 60_000, "its clock is an hour ahead");
    const leases = (await cluster.connect()).state("leases");
    const holder = await leases.get(id);
    for await (const frame of host.frames(id)) if (readFrameHeader(frame).seq >= 50) break;
    await Promise.all([leader.set("-5h"), ahead.set("-2h"), behind.set("+6h")]);
    const [seconds, bytes] = await timed(() => allBytes(host.frames(id)));
    assert.deepEqual(bytes, await streamed(wanted));
    const info = await host.info(id);
    assert.equal(info.state, "done");
    assert.ok(info.ended! < created, "it ended before it was begun, by the clock of who led it");
    assert.ok(holder !== undefined && !host.warnings.lines.some((line) => line.includes(id)));
    report(`clocks that jump by hours in mid-run: all there ${seconds} s later`);
    await cluster.close();
  });
});
