import assert from "node:assert/strict";
import { Breaker } from "#src/gateway/breaker.js";
import { destinationOf } from "#src/gateway/destination.js";
import { RetryBudget } from "#src/gateway/retry-budget.js";
import { readRoles } from "#src/roles.js";

describe("a gateway's choosing", () => {
  it("a path leads to a role, to what holds it, to all, or nowhere", () => {
    assert.deepEqual(destinationOf("/api/contents/a/b.ipynb"), { role: "documents" });
    assert.deepEqual(destinationOf("/files/a.csv"), { role: "documents" });
    assert.deepEqual(destinationOf("/api/kernelspecs"), { role: "kernels" });
    assert.deepEqual(destinationOf("/kernelspecs/echo/logo.png"), { role: "kernels" });
    assert.deepEqual(destinationOf("/api/kernels"), { all: "kernels" });
    assert.deepEqual(destinationOf("/api/sessions/"), { all: "sessions" });
    assert.deepEqual(destinationOf("/api/kernels/x/restart"), { holds: { kind: "kernels", id: "x" } });
    assert.deepEqual(destinationOf("/api/sessions/y"), { holds: { kind: "sessions", id: "y" } });
    assert.deepEqual(destinationOf("/api/runs/1/cancel"), { role: "runs" });
    assert.deepEqual(destinationOf("/api/schemas/model/1"), { role: "runs" });
    for (const path of ["/lab", "/api/me", "/api/contentsx", "/filesystem", "/"])
      assert.equal(destinationOf(path), undefined);
  });

  it("a breaker opens at a refused connection or three other failures in a row, for longer each time", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    breaker.failed("reset");
    breaker.failed("timeout");
    assert.equal(breaker.isOpen, false);
    breaker.succeeded();
    breaker.failed("reset");
    breaker.failed("reset");
    assert.equal(breaker.isOpen, false);
    breaker.failed("reset");
    assert.deepEqual([breaker.isOpen, breaker.mayProbe], [true, false]);
    // What was under way then does not make it longer.
    for (let i = 0; i < 10; i++) breaker.failed("refused");
    now = 1_000;
    assert.equal(breaker.mayProbe, true);
    breaker.failed("refused");
    now = 2_999;
    assert.equal(breaker.mayProbe, false);
    now = 3_000;
    assert.equal(breaker.mayProbe, true);
    for (let i = 0; i < 20; i++) {
      breaker.failed("timeout");
      now += 30_000;
    }
    assert.equal(breaker.mayProbe, true);
    breaker.succeeded();
    assert.equal(breaker.isOpen, false);
    breaker.failed("refused");
    assert.equal(breaker.isOpen, true);
  });

  it("a budget lets ten retries through, then a fifth of the requests, and ten more after a second", () => {
    let now = 0;
    const budget = new RetryBudget(() => now);
    const granted = (tries: number) => Array.from({ length: tries }, () => budget.spend()).filter(Boolean).length;
    assert.equal(granted(30), 10);
    for (let i = 0; i < 100; i++) budget.earn();
    const afterwards = granted(30);
    assert.ok(afterwards >= 19 && afterwards <= 20, String(afterwards));
    now = 1_000;
    assert.equal(granted(30), 10);
  });

  it("roles are read from a text, or what is wrong with it is said", () => {
    assert.deepEqual(readRoles("documents, kernels,documents"), ["documents", "kernels"]);
    assert.deepEqual(readRoles("all"), ["all"]);
    for (const wrong of ["", "cook", "all,runs", "runs,gateway"]) assert.ok("wrong" in readRoles(wrong), wrong);
  });
});
