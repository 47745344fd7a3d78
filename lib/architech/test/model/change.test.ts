import assert from "node:assert/strict";
import { ArchitechError, type ErrorCode } from "@architech/protocol";
import { applyChange } from "#src/model/change.js";
import type { ChangeDocument } from "#src/model/change-document.js";
import { validate } from "#src/model/validate.js";
import { document } from "./sample.js";

const model = validate(document);
const closed = validate({ ...document, traffic: { to: "api", users: 5, think: "1s", mix: { browse: 1 } } });

describe("applyChange()", () => {
  it("puts settings in place of the model's own, and leaves the rest", () => {
    const changed = applyChange(model, {
      api: { replicas: 5, balance: "random" },
      orders: { read: { dist: "exponential", mean: "3ms" } },
      sessions: { hitRatio: "90%" },
      traffic: { rate: "300rps", mix: { buy: 3 } },
    });
    assert.deepEqual(changed.nodes["api"], { ...model.nodes["api"], replicas: 5, balance: "random" });
    assert.deepEqual(changed.nodes["orders"], { ...model.nodes["orders"], read: { dist: "exponential", mean: "3ms" } });
    assert.equal((changed.nodes["sessions"] as { hitRatio: number }).hitRatio, 0.9);
    assert.deepEqual(changed.traffic, { to: "api", rate: "300rps", mix: { browse: 9, buy: 3 } });
    assert.equal(changed.nodes["emails"], model.nodes["emails"]);
  });

  it("puts a scaler and prices in place, and checks the queues that it names", () => {
    const scale = { by: "keda", max: 5, lag: 10, queue: "emails" };
    const changed = applyChange(model, { mailer: { scale, cost: { replicaHour: 0.1 } } });
    assert.deepEqual(changed.nodes["mailer"], { ...model.nodes["mailer"], scale, cost: { replicaHour: 0.1 } });
    assert.throws(
      () => applyChange(model, { mailer: { scale: { ...scale, queue: "mails" } } }),
      /mailer.scale.queue is "mails", which is no node of the model/,
    );
    assert.throws(
      () => applyChange(model, { mailer: { scale: { ...scale, max: 1 } } }),
      /replicas is 2, more than the 1/,
    );
  });

  it("shares no cores of what stands still at times", () => {
    const pauses = validate({ ...document, faults: [{ do: "pauses", node: "api", every: "10s", for: "1s" }] });
    assert.throws(
      () => applyChange(pauses, { api: { threads: 8, cores: 1, scheduling: "ps" } }),
      /faults\[0\].node has shared cores, whose work cannot stand still/,
    );
  });

  it("of nothing is the model itself", () => {
    assert.equal(applyChange(model, {}), model);
    assert.equal(applyChange(model, { api: undefined }), model);
    assert.deepEqual(applyChange(model, { api: { replicas: undefined } }), model);
  });

  it("changes closed traffic by its users and their thinking", () => {
    assert.deepEqual(applyChange(closed, { traffic: { users: 9, think: "2s" } }).traffic, {
      to: "api",
      users: 9,
      think: "2s",
      mix: { browse: 1 },
    });
  });

  const wrong: readonly [string, unknown, ErrorCode, RegExp][] = [
    ["text", "api", "change-invalid", /cannot take "api" as a change/],
    ["a list", [], "change-invalid", /cannot take a list as a change/],
    ["an unknown node", { db: { connections: 1 } }, "node-unknown", /db is no node of the model/],
    ["settings that are no object", { api: 5 }, "change-invalid", /api is 5: an object of settings is expected/],
    [
      "a setting of another kind",
      { api: { connections: 5 } },
      "change-invalid",
      /api.connections cannot be changed by a scenario: of a service, replicas, scale, threads, cores, scheduling, balance, queue, coldStart, cost can/,
    ],
    ["its operations", { api: { ops: {} } }, "change-invalid", /api.ops cannot be changed/],
    ["a setting's wrong value", { api: { replicas: 0 } }, "model-invalid", /api.replicas is 0/],
    ["a wrong ratio", { sessions: { hitRatio: "120%" } }, "unit-invalid", /"120%" is not a ratio/],
    ["more choices than replicas", { api: { replicas: 1 } }, "model-invalid", /has 2 choices among 1 replica$/],
    [
      "an operation that the mix has not",
      { traffic: { mix: { sell: 1 } } },
      "operation-unknown",
      /sell is not in the mix of the model: browse, buy/,
    ],
    [
      "a rate of closed traffic's",
      { traffic: { users: 5 } },
      "change-invalid",
      /traffic.users cannot be changed by a scenario: of open traffic, rate, arrivals, batch, mix, keys can/,
    ],
    [
      "steps as a worker's work",
      { mailer: { work: [{ do: "fail" }] } },
      "change-invalid",
      /is made of steps, and wiring cannot change/,
    ],
    ["a time in place of a worker's steps", { filer: { work: "1ms" } }, "change-invalid", /is made of steps/],
  ];
  for (const [what, change, code, message] of wrong)
    it(`refuses ${what}`, () =>
      assert.throws(
        () => applyChange(model, change as ChangeDocument),
        (error) => {
          assert.ok(error instanceof ArchitechError);
          assert.equal(error.code, code, error.message);
          assert.match(error.message, message);
          return true;
        },
      ));

  it("refuses a cache that now always misses and so closes a circle", () => {
    const circle = validate({
      architech: 1,
      nodes: {
        a: {
          kind: "service",
          ops: { go: [{ do: "call", to: "near", op: "get", miss: [{ do: "call", to: "a", op: "go" }] }] },
        },
        near: { kind: "cache", get: "1ms", hitRatio: 0.5 },
      },
      traffic: { to: "a", rate: "1rps", mix: { go: 1 } },
    });
    assert.throws(() => applyChange(circle, { near: { hitRatio: 0 } }), /a\.ops\.go never ends/);
  });
});
