import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { type Database, type Group, group, type Service } from "#src/index.js";
import { database } from "#src/model/database.js";
import { model } from "#src/model/model.js";
import { service } from "#src/model/node.js";
import { cpu } from "#src/model/step.js";

/** A shop of so many connections, of which others see the front. */
function shop(connections: number): Group<{ front: Service<"buy">; orders: Database }, { front: Service<"buy"> }> {
  const orders = database({ connections, read: "4ms", write: "9ms" });
  const front = service({ threads: 8, ops: { buy: [cpu("1ms"), orders.write()] } });
  return group({ front, orders }, { front });
}

describe("group()", () => {
  const eu = shop(10);
  const us = shop(20);
  const gateway = service({ ops: { eu: [eu.front.call("buy")], us: [us.front.call("buy")] } });

  it("makes a part that is used more than once, each time with its own nodes and settings", async () => {
    const world = model({ gateway, eu, us }, { to: gateway, rate: "50rps", mix: { eu: 1, us: 1 } });
    assert.deepEqual(Object.keys(world.toJSON().nodes), ["gateway", "eu-front", "eu-orders", "us-front", "us-orders"]);
    const changed = world.with({ "us-orders": { connections: 5 } });
    assert.deepEqual(world.diff(changed), [{ at: "us-orders.connections", before: 20, after: 5 }]);
    const result = await world.run({ until: "10s", runs: 1, seed: 1, workers: 0 });
    assert.ok(result.estimate("eu-orders.rate").mean > 20);
    assert.ok(result.estimate("us-front.buy.latency.mean").mean > 9.9);
  });

  it("may hold groups", () => {
    const planet = group({ eu, us });
    const world = model({ gateway, planet }, { to: gateway, rate: "50rps", mix: { eu: 1, us: 1 } });
    assert.ok("planet-eu-orders" in world.toJSON().nodes);
  });

  it("is in the document, which says what belongs together", () => {
    const load = { to: gateway, rate: "50rps", mix: { eu: 1, us: 1 } } as const;
    const flat = model({ gateway, eu, us }, load);
    assert.deepEqual(flat.toJSON().groups, {
      eu: { nodes: ["eu-front", "eu-orders"] },
      us: { nodes: ["us-front", "us-orders"] },
    });
    assert.deepEqual(flat.with({ gateway: { threads: 5 } }).toJSON().groups, flat.toJSON().groups);
    assert.deepEqual(model.from(JSON.stringify(flat)).toJSON().groups, flat.toJSON().groups);
    const nested = model({ gateway, planet: group({ eu, us }) }, load, { groups: { doors: { nodes: ["gateway"] } } });
    assert.deepEqual(nested.toJSON().groups, {
      planet: {
        groups: {
          eu: { nodes: ["planet-eu-front", "planet-eu-orders"] },
          us: { nodes: ["planet-us-front", "planet-us-orders"] },
        },
      },
      doors: { nodes: ["gateway"] },
    });
    const alone = service({ ops: { serve: [cpu("1ms")] } });
    assert.equal(model({ alone }, { to: alone, rate: "1rps" }).toJSON().groups, undefined);
    assert.throws(
      () => model({ gateway, eu, us }, load, { groups: { eu: { nodes: ["gateway"] } } }),
      (error) =>
        error instanceof ArchitechError &&
        error.code === "name-invalid" &&
        error.message === "groups.eu is the name of a group among the nodes already",
    );
  });

  it("says which two nodes would have one name", () => {
    const clash = { gateway, eu, us, "eu-orders": database({ connections: 1, read: "1ms", write: "1ms" }) };
    assert.throws(
      () => model(clash, { to: gateway, rate: "50rps", mix: { eu: 1, us: 1 } }),
      (error) =>
        error instanceof ArchitechError && error.code === "node-duplicate" && /"eu-orders"/.test(error.message),
    );
  });
});
