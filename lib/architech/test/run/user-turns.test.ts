import assert from "node:assert/strict";
import type { Job, JobSource } from "#src/run/job.js";
import { plannedTask, planRun } from "#src/run/plan.js";
import { nextOfUsers, UserTurns } from "#src/run/user-turns.js";
import { WorkerPool } from "#src/run/worker-pool.js";
import { request, simulator, troubled, Workplace } from "./workplace.js";

interface Item {
  readonly user: string;
  readonly name: string;
  left: number;
}

function items(user: string, count: number, left: number): Item[] {
  return Array.from({ length: count }, (_, i) => ({ user, name: `${user}${i}`, left }));
}

function drawn(turns: UserTurns<Item>, count: number): string[] {
  return Array.from({ length: count }, () =>
    turns.draw((item) => {
      if (item.left === 0) return undefined;
      item.left--;
      return item.name;
    }),
  ).filter((name) => name !== undefined);
}

describe("turns of users", () => {
  it("give each user as much, and each of one's runs as much of that", () => {
    const turns = new UserTurns<Item>();
    for (const item of [...items("a", 3, 9), ...items("b", 1, 9), ...items("c", 2, 9)]) turns.add(item);
    assert.deepEqual(drawn(turns, 9), ["a0", "b0", "c0", "a1", "b0", "c1", "a2", "b0", "c0"]);
  });

  it("give to others what one has no use for", () => {
    const turns = new UserTurns<Item>();
    const [one] = items("b", 1, 1);
    for (const item of [...items("a", 2, 2), one!]) turns.add(item);
    assert.deepEqual(drawn(turns, 9), ["a0", "b0", "a1", "a0", "a1"]);
    turns.remove(one!);
    one!.left = 1;
    assert.deepEqual(drawn(turns, 9), []);
  });

  it("let the first of a user begin before the next of another, even without room", () => {
    const waiting = [...items("a", 3, 1), ...items("b", 2, 1)];
    const names = (underWay: readonly Item[], hasRoom: boolean): string | undefined =>
      nextOfUsers(waiting, underWay, hasRoom)?.name;
    assert.equal(names([], true), "a0");
    assert.equal(names(items("a", 1, 1), true), "b0");
    assert.equal(names([...items("a", 1, 1), ...items("b", 1, 1)], true), "a0");
    assert.equal(names(items("a", 4, 1), false), "b0");
    assert.equal(names([...items("a", 4, 1), ...items("b", 1, 1)], false), undefined);
    assert.equal(nextOfUsers([], [], true), undefined);
  });

  it("a user with a hundred runs gets of a pool's threads no more than one with one", async () => {
    const plan = await planRun(request(troubled(), { until: "1s", warmup: "0s", runs: 1 }));
    const begun: string[] = [];
    const pool = new WorkerPool({ workers: 0, simulator });
    const source = (user: string, run: string, jobs: number, over: () => void): JobSource => ({
      run,
      user,
      shape: plan.shape,
      cutMs: plan.cutMs,
      metric: 0,
      tiny: true,
      here: false,
      next: (): Job | undefined => {
        if (jobs-- <= 0) return undefined;
        begun.push(user);
        return {
          task: plannedTask(plan, 0),
          control: new Int32Array(new SharedArrayBuffer(8)),
          batch: () => {},
          log: () => {},
          share: () => {},
          end: () => {
            if (jobs === 0) over();
          },
        };
      },
    });
    await new Promise<void>((resolve) => {
      for (let i = 0; i < 100; i++) pool.attach(source("many", `many-${i}`, 2, () => {}));
      pool.attach(source("one", "one", 50, resolve));
    });
    await pool.close();
    const first = begun.indexOf("one");
    // One of the other was under way when it came.
    assert.ok(first <= 2, `the first of the one was the ${first + 1}th`);
    const others = begun.slice(first, begun.lastIndexOf("one")).filter((user) => user === "many").length;
    assert.ok(others <= 50, `${others} tasks of many while 50 of one`);
  });

  describe("of a service of runs", () => {
    const place = new Workplace();
    after(() => place.clear());

    it("do not let one wait for all runs of another", async () => {
      const service = await place.service({ maxRunning: 1, maxQueued: 2, workers: 2 });
      // Of one task each: what is under way goes on, and there is a thread beside it.
      const endless = (seed: number) => {
        const all = request(troubled("endless"), { runs: 1, seed });
        return { ...all, points: all.points.slice(0, 1) };
      };
      const greedy = [1, 2, 3].map(endless);
      for (const wanted of greedy) await service.start(wanted, { user: "greedy" });
      await assert.rejects(service.start(endless(4), { user: "greedy" }), { code: "too-many-runs" });
      const { id } = await service.start(request(), { user: "modest" });
      assert.equal((await service.ended(id)).state, "done");
      const states = (await service.list()).map(({ state }) => state).sort();
      assert.deepEqual(states, ["done", "queued", "queued", "running"]);
    });
  });
});
