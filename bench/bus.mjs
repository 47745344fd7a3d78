// The bus of the services: tasks published, taken and acknowledged, and a log's frames appended and read; in process and on
// a server of NATS, each in its turn. The server is found as the tests find it, or left out.
// Usage: node bench/bus.mjs [--quick]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalBus } from "../server/dist/bus/local/local-bus.js";
import { NatsBus } from "../server/dist/bus/nats/nats-bus.js";
import { startNats } from "./measure/nats.mjs";
import { quick } from "./measure/options.mjs";
import { printTable, spread } from "./measure/text.mjs";

const rounds = quick ? 2 : 5;
const tasks = quick ? 2_000 : 10_000;
const frames = quick ? 500 : 2_000;
const atOnce = 64;
const lanes = [{ name: "batch", weight: 1 }];
const task = new Uint8Array(1_000).fill(7);
const frame = new Uint8Array(64_000).fill(7);

const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
const server = startNats(folder);
const buses = [["in process", await LocalBus.open({ folder: join(folder, "local") })]];
if (server !== undefined) buses.push(["NATS, one server", await NatsBus.open({ servers: server.url })]);
else console.log("no nats-server is found: NATS is left out");
try {
  const results = buses.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, [, bus]] of buses.entries()) results[i].push(await measure(bus, `bench${round}`));
  const row = (title, of) => [title, ...results.map((its) => spread(its.map(of)))];
  printTable([
    ["", ...buses.map(([title]) => title)],
    row(`tasks of 1 KB published a second, ${atOnce} at once`, ({ published }) => published),
    row("tasks taken and acknowledged a second, 16 at a time", ({ done }) => done),
    row("frames of 64 KB appended, MB/s, one by one", ({ appended }) => appended),
    row("frames of 64 KB read, MB/s", ({ read }) => read),
    row("states written a second, one by one", ({ written }) => written),
  ]);
} finally {
  for (const [, bus] of buses) await bus.close();
  await server?.end();
  await rm(folder, { recursive: true, force: true });
}

async function measure(bus, name) {
  const queue = bus.queue(name, { lanes });
  await queue.depth();
  const published = await perSecond(tasks, async () => {
    let next = 0;
    const publisher = async () => {
      for (let i = next++; i < tasks; i = next++) await queue.publish("batch", task, { id: `t${i}` });
    };
    await Promise.all(Array.from({ length: atOnce }, publisher));
  });
  const done = await perSecond(tasks, async () => {
    for (let left = tasks; left > 0; ) {
      const deliveries = await queue.take({ max: 16 });
      await Promise.all(deliveries.map((delivery) => delivery.ack()));
      left -= deliveries.length;
    }
  });
  const logs = bus.logs("bench");
  await logs.info(name);
  const megabytes = (frames * frame.byteLength) / 1e6;
  const appended = await perSecond(megabytes, async () => {
    for (let i = 0; i < frames; i++) await logs.append(name, i, frame);
    await logs.end(name, frames, task);
  });
  const read = await perSecond(megabytes, async () => {
    let count = 0;
    for await (const _ of logs.read(name)) count++;
    if (count !== frames) throw new Error(`${count} frames were read, ${frames} written`);
  });
  await logs.delete(name);
  const state = bus.state("bench");
  let revision = await state.create(name, task);
  const writes = tasks / 10;
  const written = await perSecond(writes, async () => {
    for (let i = 0; i < writes; i++) revision = await state.update(name, task, revision);
  });
  return { published, done, appended, read, written };
}

async function perSecond(amount, act) {
  const start = performance.now();
  await act();
  return amount / ((performance.now() - start) / 1000);
}
