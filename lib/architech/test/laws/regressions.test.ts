import assert from "node:assert/strict";
import { cpu, keda, type Model, model, outage, semaphore, service, timeout } from "#src/index.js";
import { broken } from "./laws.js";

describe("models that once broke a law", () => {
  const holds = (of: Pick<Model, "toJSON">): void => assert.equal(broken(of.toJSON()), undefined);

  it("what goes on after its timeout inside a guard waited at the guard, and not where it stood", () => {
    const pool = semaphore({ permits: 3 });
    const front = service({ cores: 1, ops: { browse: [pool.guard([timeout("0.86ms", [cpu("1ms")])])] } });
    holds(model({ front, pool }, { to: front, rate: "900rps" }));
  });

  it("a service that never had a replica was busy infinitely, by a rounding error over nothing", () => {
    const front = service({
      scale: keda({ min: 1, concurrency: 2, idle: 0 }),
      threads: 4,
      ops: { browse: [], buy: [] },
    });
    const faults = [outage(front, { at: "27.52ms", for: "16.18ms", requests: "refuse" })];
    holds(model({ front }, { to: front, mix: { browse: 2, buy: 1 }, rate: "50rps", batch: 3 }, { faults }));
  });
});
