// A process that is killed while it works on a bus: it says each thing that was acknowledged, and no more.
import { LocalBus } from "#src/bus/local/local-bus.js";
import { text } from "./bytes.js";

const [folder, act] = process.argv.slice(2) as [string, string];

const bus = await LocalBus.open({ folder }).catch((error: { code: string }) => {
  process.send!({ code: error.code }, () => process.exit());
  return undefined;
});
if (bus !== undefined && act === "work") await Promise.all([tasks(bus), frames(bus), counts(bus), objects(bus)]);

async function tasks(own: LocalBus): Promise<void> {
  const queue = own.queue("work", { lanes: [{ name: "batch", weight: 1 }] });
  // Ten ahead, so that there is always something left.
  for (let i = 0; ; i++) {
    await queue.publish("batch", text(`${i}`), { id: `${i}` });
    process.send!({ published: i });
    if (i < 10) continue;
    const [delivery] = await queue.take();
    // One is always in work.
    const [next] = await queue.take();
    await next?.retry();
    await delivery!.ack();
    process.send!({ acked: Number(delivery!.id) });
  }
}

async function frames(own: LocalBus): Promise<void> {
  for (let i = 0; ; i++) {
    await own.logs("frames").append("log", i, new Uint8Array(20_000).fill(i));
    process.send!({ frame: i });
  }
}

async function counts(own: LocalBus): Promise<void> {
  const state = own.state("state");
  let revision = await state.create("count", text("0"));
  for (let i = 1; ; i++) {
    revision = await state.update("count", text(`${i}`), revision);
    process.send!({ state: i });
  }
}

async function objects(own: LocalBus): Promise<void> {
  for (let i = 0; ; i++) {
    await own.objects("objects").put(new Uint8Array(300_000).fill(i), `o.${i}`);
    process.send!({ object: i });
  }
}
