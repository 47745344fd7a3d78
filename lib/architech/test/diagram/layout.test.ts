import assert from "node:assert/strict";
import { graphOf } from "#src/diagram/graph.js";
import { arrowLabel, boxWidth, layout } from "#src/diagram/layout.js";
import { shop } from "./sample.js";

describe("layout()", () => {
  it("puts no box over another, and what is called to the right of its caller", async () => {
    const { boxes } = await layout(graphOf(shop));
    for (const a of boxes)
      for (const b of boxes)
        if (a !== b)
          assert.ok(
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
            `${a.box.name} over ${b.box.name}`,
          );
    const x = (name: string): number => boxes.find(({ box }) => box.name === name)?.x ?? NaN;
    assert.ok(x("traffic") < x("api") && x("api") < x("orders"));
  });

  it("runs each arrow from the border of its caller to the border of what is called", async () => {
    const { boxes, arrows } = await layout(graphOf(shop));
    for (const { arrow, points } of arrows) {
      const from = boxes.find(({ box }) => box.id === arrow.from);
      const to = boxes.find(({ box }) => box.id === arrow.to);
      assert.ok(from && to);
      assert.ok(Math.abs((points[0]?.x ?? NaN) - (from.x + from.width)) < 1, arrow.to);
      assert.ok(Math.abs((points.at(-1)?.x ?? NaN) - to.x) < 1, arrow.to);
    }
  });

  it("leaves a box where the document puts it, and its arrows follow", async () => {
    const { boxes, arrows } = await layout(graphOf(shop), { orders: { x: -300, y: 500 } });
    const orders = boxes.find(({ box }) => box.id === "orders");
    assert.deepEqual([orders?.x, orders?.y], [-300, 500]);
    for (const { arrow, points } of arrows.filter(({ arrow }) => arrow.to === "orders")) {
      const end = points.at(-1);
      assert.ok(end && end.x >= -301 && end.x <= -300 + (orders?.width ?? 0) + 1 && end.y >= 499, arrow.from);
    }
  });

  it("is the same every time", async () => {
    assert.deepEqual(await layout(graphOf(shop)), await layout(graphOf(shop)));
  });
});

describe("boxWidth() and arrowLabel()", () => {
  it("give long names room, but not without end", () => {
    const box = { id: "a", kind: "service", settings: "", replicas: 1 } as const;
    assert.ok(boxWidth({ ...box, name: "inventory-reservations" }) > boxWidth({ ...box, name: "api" }));
    assert.equal(boxWidth({ ...box, name: "x".repeat(500) }), 280);
  });

  it("name two operations and count the others", () => {
    assert.equal(arrowLabel({ from: "a", to: "b", kind: "call", ops: ["get", "put", "list", "drop"] }), "get, put +2");
    assert.equal(arrowLabel({ from: "a", to: "b", kind: "miss", ops: ["read"] }), "on a miss");
  });
});
