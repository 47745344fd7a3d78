import assert from "node:assert/strict";
import { displayMethod } from "#src/chart/host.js";
import { diagram } from "#src/diagram/diagram.js";
import { graphOf } from "#src/diagram/graph.js";
import { layout } from "#src/diagram/layout.js";
import { renderDiagram } from "#src/diagram/render.js";
import { diagramMime } from "#src/diagram/spec.js";
import type { ModelDocument } from "#src/model/document.js";
import { StandInHost } from "../chart/stand-in-host.js";
import { shop } from "./sample.js";
import { wellFormed } from "./well-formed.js";

const busy = {
  metrics: ["api.util", "orders.util", "sessions.hit.ratio"],
  estimate: (metric: string) => ({ mean: metric === "api.util" ? 0.42 : 0.97 }),
};

describe("diagram()", () => {
  it("draws every node, its kind told by shape and colour, and every arrow", async () => {
    const svg = await diagram(shop).svg();
    wellFormed(svg);
    for (const name of ["api", "billing", "orders", "sessions", "emails", "mailer", "traffic"])
      assert.match(svg, new RegExp(`>${name}</text>`));
    for (const kind of ["service", "database", "cache", "queue", "worker", "traffic"])
      assert.match(svg, new RegExp(`arch-outline arch-${kind}`));
    assert.equal((svg.match(/class="arch-arrow /g) ?? []).length, 9);
    assert.match(svg, /<title>web shop<\/title>/);
  });

  it("needs no page: every colour is an attribute", async () => {
    assert.doesNotMatch(await diagram(shop).svg(), /<style|<script|currentColor|var\(|style=/);
  });

  it("frames groups behind all else, with their names", async () => {
    const grouped = { ...shop, groups: { stores: { groups: { fast: { nodes: ["sessions"] } }, nodes: ["orders"] } } };
    const svg = await diagram(grouped).svg();
    wellFormed(svg);
    assert.match(svg, /class="arch-frame" data-group="stores"[^>]*><title>stores<\/title>/);
    assert.match(svg, /data-group="stores\/fast"[^>]*><title>stores \/ fast<\/title>.*?>fast<\/text>/);
    assert.ok(svg.lastIndexOf("arch-frame") < svg.indexOf("arch-arrow"));
    assert.match(svg, /<desc>.*stores \(group of orders, fast\); stores \/ fast \(group of sessions\)<\/desc>/);
    assert.doesNotMatch(await diagram(shop).svg(), /arch-frame/);
  });

  it("is as wide as its frames", async () => {
    const all = { ...shop, groups: { all: { nodes: Object.keys(shop.nodes) } } };
    const { frames } = await layout(graphOf(all));
    const [x, y, width, height] = /viewBox="([^"]+)"/
      .exec(await diagram(all).svg())![1]!
      .split(" ")
      .map(Number);
    for (const frame of frames) {
      assert.ok(frame.x > x! && frame.x + frame.width < x! + width!);
      assert.ok(frame.y > y! && frame.y + frame.height < y! + height!);
    }
  });

  it("shows replicas as cards behind each other", async () => {
    const cards = (svg: string, node: string): number =>
      (
        svg
          .split(`data-node="${node}"`)[1]
          ?.split('class="arch-box"')[0]
          ?.match(/arch-outline/g) ?? []
      ).length;
    const svg = await diagram(shop).svg();
    assert.deepEqual([cards(svg, "api"), cards(svg, "billing"), cards(svg, "mailer")], [3, 1, 2]);
  });

  it("shows how busy each node was in a run, calm or saturated by colour", async () => {
    const drawn = diagram(shop, busy);
    assert.deepEqual(drawn.document.values, {
      ...Object.fromEntries(Object.keys(shop.nodes).map((name) => [name, {}])),
      api: { util: 0.42 },
      orders: { util: 0.97 },
    });
    const svg = await drawn.svg();
    assert.match(svg, /fill="#2f9e68"[\s\S]*42 %/);
    assert.match(svg, /fill="#d64545"[\s\S]*97 %/);
  });

  it("is shown in a notebook once, with the picture beside it", async () => {
    const host = new StandInHost();
    const drawn = host.run(() => diagram({ toJSON: () => shop }));
    assert.equal(await drawn[displayMethod](), undefined);
    assert.equal(host.shown.length, 1);
    const [shown] = host.shown;
    assert.deepEqual(Object.keys(shown?.bundle ?? {}), [diagramMime, "image/svg+xml", "text/plain"]);
    assert.equal(
      shown?.bundle["text/plain"],
      "[diagram: api (service), billing (service), orders (database), sessions (cache), emails (queue), mailer (worker)]",
    );
  });

  it("gives its bundle where there is no notebook of ours", async () => {
    assert.equal(typeof (await diagram(shop)[displayMethod]())?.["image/svg+xml"], "string");
  });

  it("refuses a model that is none", () => {
    assert.throws(() => diagram({ architech: 1, nodes: {}, traffic: { to: "nowhere" } } as unknown as ModelDocument), {
      name: "ArchitechError",
    });
  });
});

describe("renderDiagram()", () => {
  it("takes no name for markup", async () => {
    const hostile = {
      ...shop,
      nodes: { ...shop.nodes, '</text><script>alert("1")</script>': shop.nodes["billing"] as never },
    };
    const svg = renderDiagram(await layout(graphOf(hostile)), { title: "</title><script>" });
    wellFormed(svg);
    assert.doesNotMatch(svg, /<script/);
    assert.match(svg, /&lt;script&gt;/);
  });

  it("cuts what does not fit its box", async () => {
    const long = "x".repeat(120);
    const svg = renderDiagram(
      await layout(graphOf({ ...shop, nodes: { ...shop.nodes, [long]: shop.nodes["billing"] as never } })),
    );
    assert.match(svg, />x{20,40}…<\/text>/);
    assert.match(svg, new RegExp(`<title>${long}: service`));
  });
});
