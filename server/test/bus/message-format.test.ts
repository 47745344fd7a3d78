import assert from "node:assert/strict";
import { ArchitechError, packMessage } from "@architech/protocol";
import type { Bus } from "#src/bus/bus.js";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { MessageFormat, readable } from "#src/bus/message-format.js";
import { silentLog } from "#src/log.js";
import { freshFolder } from "../folders.js";
import { failing } from "./bytes.js";

interface Task {
  readonly run: string;
  readonly from: number;
  readonly to: number;
}

const parse = (body: unknown): Task => {
  const { run, from, to } = (body ?? {}) as Record<string, unknown>;
  if (typeof run !== "string" || !Number.isInteger(from) || !Number.isInteger(to))
    throw new ArchitechError("bad-message", "a task has a run, and where its points begin and end");
  return { run, from: from as number, to: to as number };
};
const old = new MessageFormat<Task>("task", 1, { 1: parse });
const young = new MessageFormat<Task>("task", 2, { 1: parse, 2: parse });
const youngest = new MessageFormat<Task>("task", 3, { 2: parse, 3: parse });
const task = { run: "r", from: 0, to: 64 };

describe("MessageFormat", () => {
  it("unpack() gives what pack() was given, also of an older version", () => {
    assert.deepEqual(old.unpack(old.pack(task)), task);
    assert.deepEqual(young.unpack(old.pack(task)), task);
    assert.deepEqual(young.unpack(young.pack(task)), task);
  });

  it("a newer version is message-newer, one that is no longer read bad-message", () => {
    assert.throws(() => old.unpack(young.pack(task)), failing("message-newer"));
    assert.throws(() => youngest.unpack(old.pack(task)), failing("bad-message"));
    assert.throws(() => new MessageFormat("task", 3, { 1: parse }), failing("invalid-argument"));
  });

  it("forged, truncated and oversized bytes are bad-message or message-too-large, never anything else", () => {
    const good = young.pack(task);
    for (let length = 0; length < good.byteLength; length++)
      assert.throws(() => young.unpack(good.subarray(0, length)), failing("bad-message"));
    for (const forged of [
      null,
      7,
      [],
      {},
      { kind: "task" },
      { kind: "task", version: 0, body: task },
      { kind: "task", version: 1.5, body: task },
      { kind: "task", version: "2", body: task },
      { kind: "result", version: 2, body: task },
      { kind: "task", version: 2, body: { run: "r" } },
      { kind: "task", version: 2, body: null },
    ])
      assert.throws(() => young.unpack(packMessage(forged)), failing("bad-message"), JSON.stringify(forged));
    assert.throws(() => young.unpack(Buffer.concat([good, good])), failing("bad-message"));
    assert.throws(() => young.unpack(new Uint8Array(1_000_001)), failing("message-too-large"));
  });
});

describe("readable()", () => {
  let bus: Bus;
  before(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
  });
  after(() => bus.close());

  it("gives a newer message back for a worker that knows it, drops what nobody can read, and gives the rest", async () => {
    const queue = bus.queue("tasks", { lanes: [{ name: "batch", weight: 1 }] });
    await queue.publish("batch", old.pack(task), { id: "old" });
    await queue.publish("batch", young.pack(task), { id: "young" });
    await queue.publish("batch", Uint8Array.of(0xc1), { id: "forged" });
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (line: string) => void warnings.push(line) };
    const read = await readable(await queue.take({ max: 8 }), old, log);
    assert.deepEqual(
      read.map(({ message, delivery }) => [message, delivery.id]),
      [[task, "old"]],
    );
    await read[0]!.delivery.ack();
    assert.equal(warnings.length, 2);
    assert.deepEqual((await queue.depth())["batch"], { waiting: 0, taken: 1 });
  });
});
