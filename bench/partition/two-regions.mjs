// Two regions with traffic of their own, which ask each other for one request in five.
import { classes, cpu, database, either, exponential, model, service } from "architech";

/** `latency` between the regions. */
export function twoRegions(latency) {
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
  return model(
    { euFront, euStock: eu.stock, euDb: eu.db, usFront, usStock: us.stock, usDb: us.db },
    classes({ eu: { to: euFront, rate: "10000rps" }, us: { to: usFront, rate: "10000rps" } }),
    {
      network: {
        zones: { eu: { nodes: [euFront, eu.stock, eu.db] }, us: { nodes: [usFront, us.stock, us.db] } },
        latency: { zone: "0.2ms", world: latency },
      },
    },
  );
}
