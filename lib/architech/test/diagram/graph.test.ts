import assert from "node:assert/strict";
import { graphOf, trafficId } from "#src/diagram/graph.js";
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
