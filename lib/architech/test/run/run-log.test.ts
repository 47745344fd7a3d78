import assert from "node:assert/strict";
import { appendFile, type FileHandle, open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError, readFrameHeader } from "@architech/protocol";
import { RunLog } from "#src/run/run-log.js";
import { Workplace } from "./workplace.js";

const place = new Workplace();
const body = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);

async function seqs(log: RunLog, offset = 0, signal?: AbortSignal): Promise<number[]> {
  const found: number[] = [];
  for await (const frame of log.read(offset, signal)) found.push(readFrameHeader(frame).seq);
  return found;
}

describe("RunLog", () => {
  let path: string;
  beforeEach(async () => {
    path = join(await place.folder(), "stream.bin");
  });
  after(() => place.clear());

  it("gives back what was appended, from any offset, earlier schemas first", async () => {
    const log = await RunLog.create(path);
    log.append("summary", body(1), true);
    log.append("summary", body(2));
    log.append("series", body(3), true);
    log.append("series", body(4));
    await log.end();
    assert.deepEqual(await seqs(log), [0, 1, 2, 3]);
    assert.deepEqual(await seqs(log, 2), [0, 2, 3]);
    assert.deepEqual(await seqs(log, 3), [0, 2, 3]);
    assert.deepEqual(await seqs(log, 99), [0, 2]);
    assert.deepEqual(log.tables, [0, 1]);
    for await (const frame of log.read(3))
      if (readFrameHeader(frame).seq === 3) assert.deepEqual(new Uint8Array(frame.subarray(8)), body(4));
    await log.close();
  });

  it("many readers follow while it is written, and all see the same", async () => {
    const log = await RunLog.create(path);
    const readers = Array.from({ length: 20 }, (_, i) => seqs(log, i));
    for (let i = 0; i < 500; i++) {
      log.append("series", body(i % 256, 1 + ((i * 37) % 900)), i === 0);
      if (i % 50 === 0) await log.flushed();
    }
    await log.end();
    for (const [i, reader] of readers.entries())
      assert.deepEqual(await reader, [...(i > 0 ? [0] : []), ...[...Array(500).keys()].slice(i)]);
    await log.close();
  });

  it("is found again whole, whatever the lengths of its frames, and goes on behind any of them", async () => {
    const log = await RunLog.create(path);
    const lengths = Array.from({ length: 900 }, (_, i) => (i % 97 === 96 ? 300_000 + i : (i * 7919) % 2_500));
    for (const [i, length] of lengths.entries()) log.append("series", body(i % 256, length), i === 0);
    await log.end();
    await log.close();
    const again = await RunLog.open(path, { repair: true });
    assert.deepEqual([again.frames, again.bytes], [lengths.length, log.bytes]);
    let i = 0;
    for await (const frame of again.read()) assert.equal(frame.byteLength, 8 + lengths[i++]!);
    await again.goOn(500);
    again.append("summary", body(1), true);
    await again.end();
    assert.deepEqual([again.frames, again.tables], [501, [1, 0]]);
    await again.close();
    const read = await RunLog.open(path);
    assert.deepEqual(await seqs(read, 498), [0, 498, 499, 500]);
    await read.close();
  });

  it("a reader that leaves the loop, or is told to stop, ends", async () => {
    const log = await RunLog.create(path);
    log.append("summary", body(1), true);
    await log.flushed();
    for await (const _ of log.read()) break;
    const stop = new AbortController();
    const waiting = seqs(log, 0, stop.signal);
    stop.abort();
    await waiting;
    await log.close();
  });

  it("a torn last frame is cut off when it is opened again", async () => {
    const log = await RunLog.create(path);
    for (let i = 0; i < 5; i++) log.append("summary", body(i, 100), i === 0);
    await log.close();
    const whole = await readFile(path);
    for (const cut of [1, 50, 111]) {
      await writeFile(path, whole);
      await truncate(path, whole.byteLength - cut);
      const again = await RunLog.open(path, { repair: true });
      assert.deepEqual(await seqs(again), [0, 1, 2, 3]);
      await again.close();
      assert.equal((await readFile(path)).byteLength, (whole.byteLength / 5) * 4);
    }
  });

  it("a tail of zeros or of noise, as a power cut leaves it, is no frame", async () => {
    const log = await RunLog.create(path);
    for (let i = 0; i < 3; i++) log.append("summary", body(i), i === 0);
    await log.close();
    for (const tail of [
      new Uint8Array(64),
      Uint8Array.from({ length: 64 }, (_, i) => i * 7 + 3),
      Uint8Array.of(40, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, ...body(1)),
    ]) {
      await appendFile(path, tail);
      const again = await RunLog.open(path, { repair: true });
      assert.deepEqual(await seqs(again), [0, 1, 2]);
      await again.close();
    }
  });

  it("a full disk ends the writing, and what was written stays readable", async () => {
    const log = await RunLog.create(path, (file, flags) => fillingUp(file, flags, 1_000));
    for (let i = 0; i < 100; i++) {
      log.append("summary", body(i, 100), i === 0);
      await log.flushed();
    }
    assert.ok(log.error instanceof ArchitechError && log.error.code === "storage-full");
    assert.match(log.error.message, /the disk is full/);
    const readable = await seqs(log);
    assert.deepEqual(readable, [...Array(8).keys()], "eight frames of 112 bytes fit into 1,000");
    await log.close();
    const again = await RunLog.open(path, { repair: true });
    assert.deepEqual(await seqs(again), readable);
    await again.close();
  });
});

/** A file whose disk is full after so many bytes: what is past them is written to /dev/full, whose error is the real one. */
export async function fillingUp(path: string, flags: string, room: number): Promise<FileHandle> {
  const file = await open(path, flags);
  const full = await open("/dev/full", "w");
  return new Proxy(file, {
    get(target, name) {
      if (name === "close") return async () => Promise.all([target.close(), full.close()]);
      const value = Reflect.get(target, name) as unknown;
      if (name !== "writev") return typeof value === "function" ? (value.bind(target) as unknown) : value;
      return async (buffers: Uint8Array[], position: number) => {
        const bytes = buffers.reduce((total, buffer) => total + buffer.byteLength, 0);
        if (position + bytes <= room) return target.writev(buffers, position);
        // A disk that fills up takes a part first.
        await target.write(Buffer.concat(buffers), 0, Math.max(0, room - position), position);
        return full.writev(buffers);
      };
    },
  });
}
