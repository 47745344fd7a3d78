import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestNats } from "@architech/test-tools";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { Bus, Logs, State, WorkQueue } from "#src/bus/bus.js";
import { gather, text } from "./bytes.js";

const tasks = 600;
const frames = 300;
const frameBytes = 8_000;
const lanes = [
  { name: "interactive", weight: 3 },
  { name: "batch", weight: 1 },
];

/** The server that leads the queue of a `Run`, which is made when it is not there. */
export async function leaderOf(
  { bus, prefix }: { bus: () => Bus; prefix: string },
  servers: readonly TestNats[],
): Promise<TestNats> {
  await bus().queue("run", { lanes, ackWaitMs: 2_000 }).depth();
  const nc = await connect({ servers: servers[0]!.url.slice("nats://".length) });
  const jsm = await jetstreamManager(nc);
  const { cluster, config } = await jsm.streams.info(`${prefix}_q_run`);
  await nc.close();
  assert.equal(config.num_replicas, 3);
  return servers.find(({ name }) => name === cluster?.leader)!;
}

/** What a run does with a bus, all at once: tasks published, done and acknowledged, results stored once, frames appended and read. */
export class Run {
  readonly #queues: readonly WorkQueue[];
  readonly #results: readonly State[];
  readonly #logs: readonly Logs[];
  readonly #done = new Map<string, number>();
  readonly #stop = new AbortController();
  /** The longest time between two acknowledgements of a kind, ms. */
  readonly #longest = new Map<string, number>();
  readonly #last = new Map<string, number>();
  #redelivered = 0;

  constructor(bus: Bus, other: Bus) {
    const both = [bus, other];
    this.#queues = both.map((one) => one.queue("run", { lanes, ackWaitMs: 2_000 }));
    this.#results = both.map((one) => one.state("results"));
    this.#logs = both.map((one) => one.logs("frames"));
  }

  /** Resolves when so many tasks are done. */
  async after(count: number): Promise<void> {
    while (this.#done.size < count) await sleep(5);
  }

  /** Does everything, and holds it against what it must be. */
  async all(): Promise<void> {
    const reading = gather(this.#logs[1]!.read("rows"));
    const counting = this.#count();
    const workers = Promise.all(this.#queues.flatMap((queue, i) => [0, 1, 2].map(() => this.#work(queue, i))));
    await Promise.all([this.#publish(), this.#append()]);
    await this.after(tasks);
    this.#stop.abort();
    const [counted, read] = await Promise.all([counting, reading, workers]);
    assert.equal(counted.value, String(counted.acknowledged));
    assert.deepEqual(
      read.map((frame) => frame.readUInt32LE(0)),
      Array.from({ length: frames }, (_, i) => i),
    );
    assert.ok(read.every((frame) => frame.byteLength === frameBytes));
    assert.equal((await this.#results[0]!.keys("done")).length, tasks);
    for (const { waiting, taken } of Object.values(await this.#queues[0]!.depth()))
      assert.deepEqual([waiting, taken], [0, 0]);
    assert.equal(this.#done.size, tasks);
  }

  report(killed: string): void {
    const gaps = [...this.#longest].map(([kind, ms]) => `${kind} ${ms.toFixed(0)} ms`).join(", ");
    console.log(`      ${killed} killed; longest without: ${gaps}; ${this.#redelivered} delivered again`);
  }

  async #publish(): Promise<void> {
    let next = 0;
    const publisher = async (): Promise<void> => {
      for (let i = next++; i < tasks; i = next++) {
        await this.#queues[i % 2]!.publish(i % 3 === 0 ? "interactive" : "batch", text(`${i}`), { id: `task${i}` });
        this.#acknowledged("a task published");
      }
    };
    await Promise.all([publisher(), publisher(), publisher(), publisher()]);
  }

  async #work(queue: WorkQueue, i: number): Promise<void> {
    for (;;) {
      const deliveries = await queue.take({ max: 2, signal: this.#stop.signal });
      if (deliveries.length === 0) return;
      for (const delivery of deliveries) {
        if (delivery.attempt > 1) this.#redelivered++;
        await this.#results[i]!.create(`done.${delivery.id}`, delivery.bytes).catch((error: { code?: string }) => {
          if (error.code !== "state-conflict") throw error;
        });
        await delivery.ack();
        this.#acknowledged("a task done");
        this.#done.set(delivery.id, (this.#done.get(delivery.id) ?? 0) + 1);
      }
    }
  }

  async #append(): Promise<void> {
    for (let i = 0; i < frames; i++) {
      const frame = Buffer.alloc(frameBytes, 7);
      frame.writeUInt32LE(i);
      // Two writers, as when one coordinator takes over from another.
      await this.#logs[i % 50 < 25 ? 0 : 1]!.append("rows", i, frame);
      this.#acknowledged("a frame appended");
      await sleep(5);
    }
    await this.#logs[0]!.end("rows", frames, text("end"));
  }

  /** Counts by compare-and-set: no step may be lost, and none be made twice. */
  async #count(): Promise<{ value: string; acknowledged: number }> {
    const state = this.#results[0]!;
    let revision = await state.create("count", text("0"));
    let acknowledged = 0;
    while (!this.#stop.signal.aborted) {
      revision = await state.update("count", text(`${acknowledged + 1}`), revision);
      acknowledged++;
      this.#acknowledged("a state written");
      await sleep(5);
    }
    return { value: String(Buffer.from((await state.get("count"))!.value)), acknowledged };
  }

  #acknowledged(kind: string): void {
    const now = performance.now();
    this.#longest.set(kind, Math.max(this.#longest.get(kind) ?? 0, now - (this.#last.get(kind) ?? now)));
    this.#last.set(kind, now);
  }
}
