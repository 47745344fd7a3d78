import assert from "node:assert/strict";
import { graphOf, trafficId } from "#src/diagram/graph.js";
import { settingsOf } from "#src/diagram/settings.js";
import type { ScaleDocument } from "#src/model/scale-document.js";
import { shop } from "./sample.js";

describe("graphOf()", () => {
  const { boxes, arrows } = graphOf(shop);

  it("has a box for each node, and one for the traffic", () => {
    assert.deepEqual(
      boxes.map(({ id, kind }) => [id, kind]),
      [
        [trafficId, "traffic"],
        ["api", "service"],
        ["billing", "service"],
        ["orders", "database"],
        ["sessions", "cache"],
        ["emails", "queue"],
        ["mailer", "worker"],
      ],
    );
  });

  it("says in a few words how a node is set", () => {
    assert.deepEqual(
      boxes.map(({ settings }) => settings),
      ["120rps", "3 replicas · 8 threads", "1 replica", "20 connections", "85 % hits", "room for 5,000", "2 replicas"],
    );
  });

  it("says between what replicas come and go, and who decides", () => {
    const words = (scale: ScaleDocument): string =>
      settingsOf({ kind: "worker", takes: "emails", replicas: 2, scale, work: "1s" });
    assert.equal(words({ by: "hpa", min: 2, max: 10, target: { cpu: 0.5 } }), "2–10 replicas by HPA");
    assert.equal(words({ by: "keda", lag: 5 }), "0–100 replicas by KEDA");
    assert.equal(words({ by: "keda", lag: 5, min: 1, max: 1 }), "1 replica by KEDA");
    const steps = [
      { at: "0h", replicas: 2 },
      { at: "8h", replicas: 9 },
    ];
    assert.equal(words({ by: "schedule", steps }), "2–9 replicas by the clock");
    assert.equal(words({ by: "schedule", steps: [{ at: "0h", threads: 2 }] }), "2 replicas by the clock");
  });

  it("says of a gateway how it chooses, and draws who it hands on to", () => {
    const { boxes, arrows } = graphOf({
      architech: 1,
      nodes: {
        edge: {
          kind: "gateway",
          to: ["blue", "green"],
          ops: ["serve"],
          balance: { by: "round-robin", weights: [9, 1], ejection: {} },
          health: {},
        },
        blue: { kind: "service", replicas: 2, balance: { choices: 2 }, ops: { serve: [] } },
        green: { kind: "service", threads: 9, coldStart: { time: "1s", idle: "5min" }, ops: { serve: [] } },
      },
      traffic: { to: "edge", rate: "1rps", mix: { serve: 1 } },
    });
    assert.deepEqual(
      boxes.slice(1).map(({ settings }) => settings),
      ["9 : 1 · ejects · health every 10s", "2 replicas · best of 2", "1 replica · 9 threads · cold after 5min"],
    );
    assert.deepEqual(arrows.slice(1), [
      { from: "edge", to: "blue", kind: "call", ops: ["serve"] },
      { from: "edge", to: "green", kind: "call", ops: ["serve"] },
    ]);
  });

  it("says of a database that gets more shards how many, and when", () => {
    const { boxes } = graphOf({
      architech: 1,
      nodes: {
        api: { kind: "service", ops: { serve: [{ do: "call", to: "items", op: "read" }] } },
        items: {
          kind: "database",
          connections: 4,
          read: "5ms",
          write: "5ms",
          shards: { count: 4, reshard: { to: 6, at: "20s", copy: "250ms" } },
        },
      },
      traffic: { to: "api", rate: "1rps", mix: { serve: 1 }, keys: { count: 10 } },
    });
    assert.equal(boxes.at(-1)?.settings, "4 connections · 4 shards, 6 from 20s");
  });

  it("names the custom steps of a box, however deep they stand", () => {
    const poll = { do: "custom", name: "poll", steps: { ask: [{ do: "call", to: "api", op: "get" }] } } as const;
    const lock = { do: "custom", name: "lock" } as const;
    const { boxes, arrows } = graphOf({
      architech: 1,
      nodes: {
        api: { kind: "service", ops: { get: [lock] } },
        door: { kind: "service", ops: { a: [{ do: "repeat", times: 2, steps: [poll] }], b: [poll, lock] } },
        nightly: { kind: "job", every: "1h", steps: [poll] },
        mails: { kind: "queue" },
        mailer: { kind: "worker", takes: "mails", work: [poll] },
      },
      traffic: { to: "door", rate: "1rps", mix: { a: 1, b: 1 } },
    });
    assert.deepEqual(
      boxes.slice(1).map(({ settings }) => settings),
      ["1 replica · ƒ lock", "1 replica · ƒ poll, lock", "every 1h · ƒ poll", "unbounded", "1 replica · ƒ poll"],
    );
    assert.deepEqual(arrows[1], { from: "door", to: "api", kind: "call", ops: ["get"] });
  });

  it("has one arrow of a kind between two boxes, however many operations use it and however deep they stand", () => {
    assert.deepEqual(arrows, [
      { from: trafficId, to: "api", kind: "traffic", ops: ["browse", "buy"] },
      { from: "api", to: "sessions", kind: "call", ops: ["get"] },
      { from: "api", to: "orders", kind: "call", ops: ["read", "write"] },
      { from: "api", to: "billing", kind: "call", ops: ["charge"] },
      { from: "api", to: "emails", kind: "publish", ops: [] },
      { from: "billing", to: "orders", kind: "call", ops: ["read"] },
      { from: "sessions", to: "orders", kind: "miss", ops: ["read"] },
      { from: "emails", to: "mailer", kind: "take", ops: [] },
      { from: "mailer", to: "orders", kind: "call", ops: ["write"] },
    ]);
  });

  it("draws messages the way they go, dead letters too, and jobs from where they start", () => {
    const { boxes, arrows } = graphOf({
      architech: 1,
      nodes: {
        api: { kind: "service", ops: { put: [{ do: "publish", to: "news" }] } },
        news: { kind: "topic", to: ["parcels", "sold"] },
        parcels: { kind: "queue", visibility: "30s", maxReceives: 5, deadLetter: "grave" },
        grave: { kind: "queue" },
        sold: { kind: "log", partitions: 12, retention: "24h" },
        biller: { kind: "worker", takes: "sold", group: "billing", work: "1ms", batch: { max: 10 } },
        nightly: { kind: "job", every: "1h", jitter: "30s", steps: [{ do: "publish", to: "sold" }] },
      },
      traffic: { to: "api", rate: "1rps", mix: { put: 1 } },
    });
    assert.deepEqual(
      boxes.slice(2).map(({ settings }) => settings),
      [
        "to 2 subscribers",
        "unbounded · again after 30s · at most 5×",
        "unbounded",
        "12 partitions · kept 24h",
        "1 replica · group billing · up to 10 at once",
        "every 1h · up to 30s later",
      ],
    );
    assert.deepEqual(
      arrows.slice(1).map(({ from, to, kind }) => `${from} ${kind} ${to}`),
      [
        "api publish news",
        "news publish parcels",
        "news publish sold",
        "parcels publish grave",
        "sold take biller",
        "nightly publish sold",
      ],
    );
  });

  it("says of closed traffic how many users there are", () => {
    const closed = graphOf({ ...shop, traffic: { to: "api", users: 50, think: "1s", mix: { browse: 1 } } });
    assert.deepEqual([closed.boxes[0]?.name, closed.boxes[0]?.settings], ["users", "50 users, closed"]);
  });
});
