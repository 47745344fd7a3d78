import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { freshFolder } from "../folders.js";
import { busContract } from "./bus-contract.js";
import { failing, gather, text } from "./bytes.js";

const lanes = [{ name: "batch", weight: 1 }];
const child = fileURLToPath(new URL("local-child.js", import.meta.url));

describe("LocalBus", () => {
  let bus: LocalBus;
  before(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
  });
  after(() => bus.close());

  busContract({ bus: () => bus, other: () => bus });

  it("a folder is open once: again here, and in another process, is bus-in-use", async () => {
    const folder = await freshFolder();
    const first = await LocalBus.open({ folder });
    for (let i = 0; i < 2; i++) await assert.rejects(LocalBus.open({ folder }), failing("bus-in-use"));
    const other = fork(child, [folder, "open"]);
    assert.deepEqual((await once(other, "message"))[0], { code: "bus-in-use" });
    await once(other, "exit");
    await first.close();
    await (await LocalBus.open({ folder })).close();
  });

  it("SIGKILL in the middle of everything loses nothing that was acknowledged", async () => {
    const folder = await freshFolder();
    const process = fork(child, [folder, "work"]);
    const last = await acknowledgedBefore(process, 1_500);
    const start = performance.now();
    const again = await LocalBus.open({ folder });
    const queue = again.queue("work", { lanes });
    const { waiting, taken } = (await queue.depth())["batch"]!;
    const logs = again.logs("frames");
    const { frames } = await logs.info("log");
    const recoveryMs = performance.now() - start;
    console.log(
      `      killed after ${last.frame} frames and ${last.acked} tasks; open again in ${recoveryMs.toFixed(0)} ms`,
    );
    assert.ok(last.frame > 10 && last.acked > 10 && last.state > 10, JSON.stringify(last));
    // What was under way when it died may have been stored or not; what was acknowledged must have been.
    assert.ok(frames > last.frame && frames <= last.frame + 2, `${frames} frames, ${last.frame} was acknowledged`);
    const state = await again.state("state").get("count");
    const count = Number(Buffer.from(state!.value).toString());
    assert.ok(count === last.state || count === last.state + 1, `${count}, ${last.state} was acknowledged`);
    assert.ok((await again.objects("objects").get(`o.${last.object}`))?.every((byte) => byte === last.object % 256));
    const deliveries = await queue.take({ max: waiting + taken });
    const left = new Set(deliveries.map(({ id }) => Number(id)));
    assert.equal(left.size, deliveries.length);
    for (let id = 0; id <= last.published; id++) if (!left.has(id)) assert.ok(id <= last.acked + 1, `${id} is lost`);
    for (const id of left) assert.ok(id > last.acked, `${id} was acknowledged and is there`);
    const inWork = deliveries.filter(({ attempt }) => attempt > 1);
    assert.ok(inWork.length >= 1, "what the dead process had taken counts as an attempt");
    await logs.append("log", frames, text("goes on"));
    await logs.end("log", frames + 1, text("end"));
    const read = await gather(logs.read("log"));
    assert.equal(read.length, frames + 1);
    for (const [i, frame] of read.slice(0, -1).entries()) assert.ok(frame.every((byte) => byte === i % 256));
    await again.close();
  });

  it("what a torn write left at the end of a log is cut away", async () => {
    const folder = await freshFolder();
    const first = await LocalBus.open({ folder });
    for (let i = 0; i < 3; i++) await first.logs("l").append("r", i, text(`frame ${i}`));
    await first.close();
    const path = join(folder, "logs", "l", (await readdir(join(folder, "logs", "l")))[0]!);
    const file = await open(path, "r+");
    const { size } = await file.stat();
    await file.truncate(size - 3);
    await file.close();
    const second = await LocalBus.open({ folder });
    assert.equal((await second.logs("l").info("r")).frames, 2);
    await second.logs("l").append("r", 2, text("anew"));
    await second.close();
    // Bytes that are not what was written, in the last frame and in one before.
    const flip = async (at: number): Promise<void> => {
      const damaged = await open(path, "r+");
      await damaged.write(Uint8Array.of(0xff), 0, 1, at);
      await damaged.close();
    };
    await flip(14);
    const third = await LocalBus.open({ folder });
    assert.equal((await third.logs("l").info("r")).frames, 3);
    await assert.rejects(gather(third.logs("l").read("r")), failing("storage-failed"));
    await third.close();
    await truncate(path, 5);
    const fourth = await LocalBus.open({ folder });
    assert.equal((await fourth.logs("l").info("r")).frames, 0);
    await fourth.close();
  });

  it("a full disk is storage-full, what was there stays, and the same frame is taken when there is space", async () => {
    let space = 100_000;
    const openFile = async (path: string, flags: string): Promise<FileHandle> => {
      const file = await open(path, flags);
      const writev = file.writev.bind(file);
      file.writev = (async (buffers: Uint8Array[], position?: number) => {
        const wanted = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
        if (wanted <= space) {
          space -= wanted;
          return writev(buffers, position);
        }
        // As a real disk does it: a part of it, and then no more.
        await file.write(Buffer.concat(buffers), 0, space, position);
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      }) as typeof file.writev;
      return file;
    };
    const folder = await freshFolder();
    const full = await LocalBus.open({ folder, openFile });
    const logs = full.logs("l");
    const frame = Buffer.alloc(30_000, 7);
    for (let i = 0; i < 3; i++) await logs.append("r", i, frame);
    await assert.rejects(logs.append("r", 3, frame), failing("storage-full"));
    assert.equal((await logs.info("r")).frames, 3);
    space = 1_000_000;
    await logs.append("r", 3, frame);
    await logs.end("r", 4, text("end"));
    assert.ok((await gather(logs.read("r"))).every((read) => read.equals(frame)));
    await full.close();
  });

  it("a clock that jumps neither ends a lease, nor makes one live for ever, nor forgets an id", async () => {
    const folder = await freshFolder();
    let now = Date.parse("2026-06-01");
    const options = { folder, wallClock: () => now };
    const first = await LocalBus.open(options);
    await first.state("leases", { ttlMs: 1_500 }).create("a", text("me"));
    await first.queue("q", { lanes }).publish("batch", text("x"), { id: "x" });
    now += 86_400_000;
    assert.notEqual(await first.state("leases").get("a"), undefined);
    assert.equal(await first.queue("q", { lanes }).publish("batch", text("x"), { id: "x" }), false);
    await first.close();
    // The system's clock was set back by a year while nobody looked.
    now -= 365 * 86_400_000;
    const second = await LocalBus.open(options);
    const leases = second.state("leases", { ttlMs: 1_500 });
    assert.notEqual(await leases.get("a"), undefined);
    assert.equal(await second.queue("q", { lanes }).publish("batch", text("x"), { id: "x" }), false);
    for await (const { value } of leases.watch("")) if (value === undefined) break;
    await second.close();
    // A later time is believed: the process may have been away for so long.
    now += 400 * 86_400_000;
    const third = await LocalBus.open(options);
    assert.equal(await third.queue("q", { lanes }).publish("batch", text("x"), { id: "x" }), true);
    await third.close();
  });

  it("an id is forgotten after its time", async () => {
    const queue = bus.queue("short", { lanes, dedupeMs: 150 });
    await queue.publish("batch", text("1"), { id: "x" });
    assert.equal(await queue.publish("batch", text("1"), { id: "x" }), false);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(await queue.publish("batch", text("2"), { id: "x" }), true);
  });

  it("close() ends what waits; afterwards everything is bus-closed", async () => {
    const closing = await LocalBus.open({ folder: await freshFolder() });
    const queue = closing.queue("q", { lanes });
    const [state, logs, objects] = [closing.state("s"), closing.logs("l"), closing.objects("o")];
    await logs.append("r", 0, text("0"));
    await queue.publish("batch", text("x"), { id: "x" });
    const [delivery] = await queue.take();
    const waiting = [
      queue.take(),
      gather(logs.read("r")),
      gather(logs.read("none")),
      (async () => {
        for await (const _ of state.watch(""));
      })(),
      (async () => {
        for await (const _ of await closing.subscribe("a"));
      })(),
    ];
    await state.create("a", text("x"));
    await closing.close();
    await closing.close();
    await Promise.all(waiting);
    for (const act of [
      () => queue.publish("batch", text("x"), { id: "y" }),
      () => queue.take(),
      () => delivery!.ack(),
      () => delivery!.retry(),
      () => state.get("a"),
      () => logs.append("r", 1, text("1")),
      () => objects.get("a"),
      () => closing.publish("a", text("x")),
      () => closing.request("a", text("x")),
    ])
      await assert.rejects(act, failing("bus-closed"));
    assert.equal(closing.health().connected, false);
  });
});

/** What the child said last, when it was killed in mid-flow after so many words. */
async function acknowledgedBefore(
  process: ChildProcess,
  words: number,
): Promise<Record<string, number> & Acknowledged> {
  const last: Acknowledged = { published: -1, acked: -1, frame: -1, state: -1, object: -1 };
  let heard = 0;
  process.on("message", (message: Partial<Acknowledged>) => {
    Object.assign(last, message);
    if (++heard === words) process.kill("SIGKILL");
  });
  await once(process, "close");
  return last as Record<string, number> & Acknowledged;
}

interface Acknowledged {
  published: number;
  acked: number;
  frame: number;
  state: number;
  object: number;
}
