// Two regions with traffic of their own, which ask each other for one request in five: `regions.mjs PARTS LATENCY SECONDS`
// prints seconds from the call to the estimates, CPU seconds of all threads, and what the run says of its parts, in a
// process whose threads are warm.
import { classes, cpu, database, either, exponential, model, service } from "architech";

const [parts, latency, seconds] = process.argv.slice(2);
const region = () => {
  const db = database({ connections: 400, read: exponential("3ms"), write: exponential("4ms") });
  const stock = service({ threads: 400, ops: { look: [cpu(exponential("1ms")), db.read()] } });
  return { db, stock };
};
const [eu, us] = [region(), region()];
const front = ({ db, stock }, other) =>
  service({
    threads: 4000,
    ops: {
      buy: [
        cpu(exponential("1ms")),
        stock.call("look"),
        either([
          [0.8, []],
          [0.2, [other.stock.call("look")]],
        ]),
        db.write(),
      ],
    },
  });
const [euFront, usFront] = [front(eu, us), front(us, eu)];
const regions = model(
  { euFront, euStock: eu.stock, euDb: eu.db, usFront, usStock: us.stock, usDb: us.db },
  classes({ eu: { to: euFront, rate: "10000rps" }, us: { to: usFront, rate: "10000rps" } }),
  {
    network: {
      zones: { eu: { nodes: [euFront, eu.stock, eu.db] }, us: { nodes: [usFront, us.stock, us.db] } },
      latency: { zone: "0.2ms", world: latency },
    },
  },
);
const run = (seed, until) =>
  regions.run({ until, warmup: "1s", runs: 1, series: false, seed, workers: 2, cache: false, parts: Number(parts) });
await run(1, "2s");
const [begun, before] = [performance.now(), process.cpuUsage()];
const result = await run(2, `${seconds}s`);
const wall = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(before);
const events = result.summary.getChild("events").get(0);
console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6, events, parts: result.parts }));
process.exit(0);
