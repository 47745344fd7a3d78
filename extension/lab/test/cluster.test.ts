import assert from "node:assert/strict";
import { History } from "#src/cluster/history.js";
import { ago, count, short } from "#src/cluster/words.js";

const worker = (id: string, events: number, busy = 0) => ({
  id,
  threads: 2,
  busy,
  tasks: 0,
  events,
  version: "1",
  since: 0,
});
const run = (state: "running" | "done", done: number, total: number) => ({
  id: state,
  kind: "sweep" as const,
  state,
  cached: false,
  created: 0,
  frames: 0,
  bytes: 0,
  done,
  total,
});
const state = (at: number, workers: ReturnType<typeof worker>[], runs?: ReturnType<typeof run>[]) => ({
  cluster: true,
  at,
  connected: true,
  services: [],
  workers,
  lanes: [],
  runs,
});

describe("the history of a cluster", () => {
  it("counts the events of those who were there before, and only those", () => {
    const history = new History();
    assert.equal(history.add(state(1_000, [worker("a", 100), worker("b", 500)])).rate, 0);
    assert.equal(history.add(state(3_000, [worker("a", 300), worker("c", 9_000)])).rate, 100);
    // One that began anew under its name has not worked backwards.
    assert.equal(history.add(state(4_000, [worker("a", 0), worker("c", 9_500)])).rate, 500);
  });

  it("adds up what is left of runs that are not over, and threads at work, at most those there are", () => {
    const history = new History();
    const sample = history.add(
      state(0, [worker("a", 0, 3), worker("b", 0, 1)], [run("running", 30, 100), run("done", 5, 5)]),
    );
    assert.deepEqual([sample.left, sample.busy, sample.threads], [70, 3, 4]);
    assert.equal(history.add(state(1, [])).left, 0);
  });

  it("forgets the oldest", () => {
    const history = new History(3);
    for (let at = 0; at < 5; at++) history.add(state(at, []));
    assert.deepEqual(
      history.samples.map(({ at }) => at),
      [2, 3, 4],
    );
  });
});

describe("words of the page of the cluster", () => {
  it("are short", () => {
    assert.deepEqual([0, 3, 2.5, 42, 1234, 56_789, 3.2e6, 4e9].map(short), [
      "0",
      "3",
      "2.5",
      "42",
      "1.23 k",
      "56.8 k",
      "3.20 M",
      "4.00 G",
    ]);
    assert.deepEqual([-5, 999, 65_000, 7.3e6, 2e8].map(ago), ["0 s", "0 s", "1 min", "2 h", "2 d"]);
    assert.deepEqual([count(1, "worker"), count(2, "worker")], ["1 worker", "2 workers"]);
  });
});
