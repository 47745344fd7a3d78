import assert from "node:assert/strict";
import { model } from "#src/model/model.js";
import { document, having } from "./sample.js";

describe("model.diff()", () => {
  const shop = model.from(document);

  it("finds nothing between a model and itself, wherever its boxes stand and whatever is framed", () => {
    assert.deepEqual(shop.diff(shop), []);
    assert.deepEqual(shop.diff(model.from(having(["layout"], { api: { x: 7, y: 7 } }))), []);
    assert.deepEqual(shop.diff(model.from(having(["groups"], { all: { nodes: ["api"] } }))), []);
  });

  it("names each place with what stood and what stands there", () => {
    const other = shop.with({ api: { threads: 99 }, traffic: { rate: "7rps" } });
    const before = document.nodes["api"] as { threads?: number };
    assert.deepEqual(shop.diff(other), [
      { at: "api.threads", before: before.threads, after: 99 },
      { at: "traffic.rate", before: (document.traffic as { rate: string }).rate, after: "7rps" },
    ]);
  });

  it("a node that only one of them has is one difference, and so is a step more", () => {
    const extra = { kind: "queue" } as const;
    assert.deepEqual(shop.diff(model.from(having(["nodes", "spare"], extra))), [
      { at: "spare", before: undefined, after: extra },
    ]);
    const steps = (document.nodes["api"] as unknown as { ops: { browse: readonly unknown[] } }).ops.browse;
    const longer = having(["nodes", "api", "ops", "browse"], [...steps, { do: "fail", probability: 0 }]);
    assert.deepEqual(shop.diff(model.from(longer)), [
      { at: `api.ops.browse[${steps.length}]`, before: undefined, after: { do: "fail", probability: 0 } },
    ]);
  });
});
