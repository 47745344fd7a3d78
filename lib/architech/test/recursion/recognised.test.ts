import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import { validate } from "#src/model/validate.js";
import { mustBeRecursion } from "#src/simulation/recursion.js";

const work = { do: "cpu", time: { dist: "exponential", mean: "4ms" } };
const db = { kind: "database", connections: 2, read: { dist: "exponential", mean: "4ms" }, write: "1ms" };
const call = { do: "call", to: "db", op: "read" };
const traffic = { to: "api", mix: { get: 1 }, rate: "10rps" };

function service(steps: readonly object[], rest: object = {}): NodeDocument {
  return { kind: "service", ...rest, ops: { get: steps } } as unknown as NodeDocument;
}

function model(nodes: object, rest: object = {}): ModelDocument {
  return validate({ architech: 1, nodes, traffic, ...rest });
}

function lines(document: ModelDocument): number {
  return mustBeRecursion(document).lines.length;
}

describe("a model is a recursion", () => {
  it("with a line of any servers, bounded or not, and with replicas in turn", () => {
    assert.equal(lines(model({ api: service([work], { threads: 3, replicas: 2, queue: { capacity: 4 } }) })), 1);
  });

  it("with lines one after the other, as long as nobody can overtake", () => {
    assert.equal(lines(model({ api: service([{ do: "wait", time: "1ms" }, call]), db })), 1);
    const cpu = service([work], { threads: 1 });
    assert.equal(lines(model({ api: service([{ do: "call", to: "cpu", op: "get" }, call]), cpu, db })), 2);
  });

  it("where whoever holds a thread always finds a connection", () => {
    assert.equal(lines(model({ api: service([work, call], { threads: 2 }), db })), 1);
  });

  it("whose draws are others than by events where requests that have overtaken each other draw again", () => {
    assert.equal(mustBeRecursion(model({ api: service([work, work], { threads: 2 }) })).sameDraws, false);
    assert.equal(mustBeRecursion(model({ api: service([work, work], { threads: 1 }) })).sameDraws, true);
  });
});

describe("a model is no recursion, and says why,", () => {
  const one = { api: service([work], { threads: 1 }) };
  const cases: Record<string, [ModelDocument, RegExp]> = {
    "where a request holds a thread while it waits": [
      model({ api: service([call], { threads: 3 }), db }),
      /waits for one of 2 servers of db while it holds one of 3 elsewhere/,
    ],
    "where requests overtake each other before a line": [
      model({ api: service([work, call]), db }),
      /overtake each other before db/,
    ],
    "where requests come to a line twice": [
      model({ api: service([call, call]), db: { ...db, read: "1ms" } }),
      /come to db more than once/,
    ],
    "with users": [
      model(one, { traffic: { to: "api", mix: { get: 1 }, users: 3, think: "1s" } }),
      /users of traffic wait/,
    ],
    "with several operations": [
      model(
        { api: { kind: "service", ops: { get: [], put: [] } } },
        { traffic: { ...traffic, mix: { get: 1, put: 1 } } },
      ),
      /asks for 2 operations \(get, put\)/,
    ],
    "with a rate that changes": [
      model(one, {
        traffic: {
          ...traffic,
          rate: {
            points: [
              { at: "0s", rate: "1rps" },
              { at: "9s", rate: "2rps" },
            ],
          },
        },
      }),
      /rate of traffic changes/,
    ],
    "with batches": [model(one, { traffic: { ...traffic, batch: 2 } }), /come at once/],
    "with another order": [
      model({ api: service([work], { threads: 1, queue: { order: "lifo" } }) }),
      /not next in api \("lifo"\)/,
    ],
    "with a longest wait": [
      model({ api: service([work], { threads: 1, queue: { maxWait: "1s" } }) }),
      /waited too long fails in api/,
    ],
    "with few cores": [model({ api: service([work], { threads: 4, cores: 2 }) }), /wait for cores in api/],
    "with other balancing": [
      model({ api: service([work], { threads: 4, replicas: 2, balance: "random" }) }),
      /api do not take turns/,
    ],
    "with a timeout": [
      model({ api: service([{ do: "timeout", after: "1s", steps: [work] }]) }),
      /step 0 of api\/get is timeout/,
    ],
    "with a cache": [
      model({
        api: service([{ do: "call", to: "cache", op: "get" }]),
        cache: { kind: "cache", hitRatio: 0.5, get: "1ms" },
      }),
      /cache is a cache/,
    ],
    "with faults": [model(one, { faults: [{ do: "outage", node: "api", at: "1s", for: "1s" }] }), /something fails/],
    "with a network": [
      model(one, { network: { hops: [{ from: "traffic", to: "api", latency: "1ms" }] } }),
      /pass a network/,
    ],
    "with copies": [model({ api: service([call]), db: { ...db, replicas: { count: 1 } } }), /db has several copies/],
  };
  for (const [name, [document, why]] of Object.entries(cases))
    it(name, () => {
      assert.throws(() => mustBeRecursion(document), { code: "not-a-recursion", message: why });
    });
});
