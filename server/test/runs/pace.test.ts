import assert from "node:assert/strict";
import { Pace } from "#src/runs/pace.js";

describe("Pace", () => {
  it("lets so many bytes through in a turn, and the others in their order in the next", async () => {
    const pace = new Pace(100);
    assert.equal(pace.turn(60), undefined);
    assert.equal(pace.turn(60), undefined, "what begins within the limit may go beyond it");
    const order: string[] = [];
    const waiting = [
      ["b", 100],
      ["c", 100],
    ] as const;
    const turns = waiting.map(([name, bytes]) => pace.turn(bytes)?.then(() => order.push(name)));
    setImmediate(() => order.push("the next turn"));
    await Promise.all(turns);
    assert.deepEqual(order, ["b", "the next turn", "c"]);
    await new Promise(setImmediate);
    assert.equal(pace.turn(1), undefined, "nobody waits any more");
  });
});
