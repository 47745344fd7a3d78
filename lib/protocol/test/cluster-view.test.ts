import assert from "node:assert/strict";
import { parseClusterView } from "@architech/protocol";

const good = {
  cluster: true,
  at: 1_700_000_000_000,
  connected: true,
  services: [
    {
      id: "a",
      roles: ["runs"],
      url: "http://a/",
      version: "1",
      since: 1,
      ready: true,
      load: { kernels: 0, streams: 2 },
    },
  ],
  workers: [{ id: "w", threads: 2, busy: 1, tasks: 3, events: 4, version: "1", since: 1 }],
  lanes: [{ name: "batch", waiting: 5, taken: 1 }],
};

describe("parseClusterView()", () => {
  it("takes a good view as it is, and leaves out what it does not know", () => {
    assert.deepEqual(parseClusterView(JSON.parse(JSON.stringify(good))), good);
    assert.deepEqual(parseClusterView({ ...good, moon: "full" }), good);
  });

  const [service] = good.services;
  const wrong: [string, unknown, RegExp][] = [
    ["no object", 7, /the view of a cluster is an object, not 7/],
    ["workers that are none", { ...good, workers: "two" }, /"workers" is a list, not "two"/],
    ["a worker without threads", { ...good, workers: [{ id: "w" }] }, /"threads" is an integer from 0/],
    ["ready by a number", { ...good, services: [{ ...service, ready: 1 }] }, /"ready" is true or false, not 1/],
    ["a service without its load", { ...good, services: [{ ...service, load: null }] }, /the load of a service is/],
    ["a lane that waits less than nothing", { ...good, lanes: [{ name: "x", waiting: -1, taken: 0 }] }, /"waiting" is/],
  ];
  for (const [what, view, message] of wrong)
    it(`refuses ${what}`, () => assert.throws(() => parseClusterView(view), { code: "bad-message", message }));
});
