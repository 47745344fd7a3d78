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

  it("says of closed traffic how many users there are", () => {
    const closed = graphOf({ ...shop, traffic: { to: "api", users: 50, think: "1s", mix: { browse: 1 } } });
    assert.deepEqual([closed.boxes[0]?.name, closed.boxes[0]?.settings], ["users", "50 users, closed"]);
  });
});
