import assert from "node:assert/strict";
import { graphOf } from "#src/diagram/graph.js";
import { arrowLabel, boxWidth, type FramePlace, layout, type Place } from "#src/diagram/layout.js";
import type { ModelDocument } from "#src/model/document.js";
import { shop } from "./sample.js";

/** The shop with its stores in a group, of which one is in a group within, and its mail in another. */
const grouped: ModelDocument = {
  ...shop,
  groups: {
    stores: { nodes: ["orders"], groups: { fast: { nodes: ["sessions"] }, none: {} } },
    empty: { groups: { too: { nodes: [] } } },
    mail: { nodes: ["emails", "mailer"] },
  },
};

type Area = Pick<FramePlace, "x" | "y" | "width" | "height">;
const within = (a: Area, b: Area): boolean =>
  a.x > b.x && a.y > b.y && a.x + a.width < b.x + b.width && a.y + a.height < b.y + b.height;
const apart = (a: Area, b: Area): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const onBorder = ({ x, y }: Place, a: Area): boolean =>
  x > a.x - 1 &&
  x < a.x + a.width + 1 &&
  y > a.y - 1 &&
  y < a.y + a.height + 1 &&
  Math.min(Math.abs(x - a.x), Math.abs(x - a.x - a.width), Math.abs(y - a.y), Math.abs(y - a.y - a.height)) < 1;

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

  it("frames groups: what belongs to one lies in its frame, and nothing else does", async () => {
    const { boxes, frames } = await layout(graphOf(grouped));
    assert.deepEqual(
      frames.map(({ frame }) => frame.path.join("/")),
      ["stores", "stores/fast", "mail"],
      "outer ones come first, and one of nothing is not there",
    );
    const [stores, fast, mail] = frames as [FramePlace, FramePlace, FramePlace];
    const held = (frame: FramePlace): string[] => boxes.filter((box) => within(box, frame)).map(({ box }) => box.name);
    assert.deepEqual(held(stores), ["orders", "sessions"]);
    assert.deepEqual(held(fast), ["sessions"]);
    assert.deepEqual(held(mail), ["emails", "mailer"]);
    assert.ok(within(fast, stores));
    for (const box of boxes)
      for (const frame of frames) assert.ok(within(box, frame) || apart(box, frame), `${box.box.name} on a border`);
    assert.ok(apart(stores, mail));
  });

  it("runs arrows across frames from border to border", async () => {
    const { boxes, arrows } = await layout(graphOf(grouped));
    assert.equal(arrows.length, 9);
    for (const { arrow, points } of arrows) {
      const from = boxes.find(({ box }) => box.id === arrow.from)!;
      const to = boxes.find(({ box }) => box.id === arrow.to)!;
      assert.ok(onBorder(points[0]!, from), `${arrow.from} to ${arrow.to} begins at its box`);
      assert.ok(onBorder(points.at(-1)!, to), `${arrow.from} to ${arrow.to} ends at its box`);
    }
  });

  it("draws a frame around its boxes wherever they are put", async () => {
    const { boxes, frames } = await layout(graphOf(grouped), { sessions: { x: -300, y: 500 } });
    const sessions = boxes.find(({ box }) => box.id === "sessions")!;
    const [stores, fast, mail] = frames as [FramePlace, FramePlace, FramePlace];
    assert.ok(within(sessions, fast) && within(fast, stores));
    assert.ok(within(boxes.find(({ box }) => box.id === "orders")!, stores));
    assert.deepEqual(mail, (await layout(graphOf(grouped))).frames[2]);
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
