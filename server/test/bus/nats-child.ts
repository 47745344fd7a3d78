// A worker that takes a message, says so, and is killed before it has done it.
import { NatsBus } from "#src/bus/nats/nats-bus.js";

const [servers, prefix, queue] = process.argv.slice(2) as [string, string, string];
const bus = await NatsBus.open({ servers, prefix });
const taken = await bus.queue(queue, { lanes: [{ name: "batch", weight: 1 }], ackWaitMs: 1_000 }).take();
process.send!(taken.map(({ id, attempt }) => ({ id, attempt })));
setInterval(() => {}, 1_000);
