/** A cell that makes a small model. */
export const shopCell = `import { cache, cpu, database, diagram, exponential, lineY, model, plot, queue, service, sweep, worker } from "architech";
const orders = database({ connections: 4, read: exponential("4ms"), write: "9ms" });
const sessions = cache({ get: "0.4ms", hitRatio: 0.85 });
const emails = queue({ capacity: 5_000 });
const mailer = worker({ takes: emails, replicas: 3, work: "20ms" });
const api = service({
  replicas: 2,
  threads: 8,
  ops: {
    browse: [cpu("1ms"), sessions.get({ miss: [orders.read()] })],
    buy: [cpu("2ms"), orders.write(), emails.put()],
  },
});
const shop = model({ api, orders, sessions, emails, mailer }, { to: api, rate: "200rps", mix: { browse: 9, buy: 1 } });`;

/** A cell that sweeps over it for so long, and draws. */
export function sweepCell({ until, runs, seed }: { until: string; runs: number; seed: number }): string {
  return `const load = sweep(
  shop,
  { rps: [100, 200, 300, 400], connections: [2, 4] },
  ({ rps, connections }) => ({ traffic: { rate: \`\${rps}rps\` }, orders: { connections } }),
  { until: "${until}", warmup: "1s", runs: ${runs}, seed: ${seed} },
);
plot({ marks: [lineY(load, { x: "rps", y: "orders.util", stroke: "connections" })] });`;
}

/** Points of that sweep. */
export const sweepPoints = 8;
