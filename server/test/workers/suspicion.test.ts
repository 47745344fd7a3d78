import assert from "node:assert/strict";
import { packMessage } from "@architech/protocol";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { Announcement } from "#src/cluster/announcement.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";
import { Suspicion } from "#src/workers/suspicion.js";
import { garbage } from "../cluster/garbage.js";
import { Warnings } from "../cluster/warnings.js";
import { freshFolder } from "../folders.js";
import { allBytes, request } from "../runs/host.js";

describe("a task whose workers are not heard of any more", function () {
  this.timeout(40_000);
  let bus: LocalBus;
  let shared: ClusterBus;
  beforeEach(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
    shared = new ClusterBus(bus);
  });
  afterEach(() => bus.close());

  const by = (worker: string, silenceMs = 200): Suspicion =>
    new Suspicion({ suspects: shared.suspects, workers: shared.workers, worker, silenceMs });

  /** A worker that lives: it says so ten times in the time after which it would be dead. */
  function living(key: string): Announcement {
    const note = (): Uint8Array => packMessage({ id: key });
    return new Announcement({ state: shared.workers, key, ttlMs: 300, note, log: new Warnings() });
  }

  it("has ended two of them, and is begun by no third", async () => {
    assert.equal(await by("ada").begins("run-1", 0), true);
    assert.equal(await by("bob").begins("run-1", 0), true);
    assert.equal(await by("cleo").begins("run-1", 0), false);
    assert.equal(await by("cleo").begins("run-1", 1), true, "another task of it");
  });

  it("has ended none that says something", async () => {
    for (const worker of ["ada", "bob"]) await by(worker).begins("run-1", 0);
    const ada = living("ada");
    await ada.start();
    assert.equal(await by("cleo", 1_000).begins("run-1", 0), true);
    assert.equal(await by("dora").begins("run-1", 0), false, "bob and cleo are dead");
    await ada.stop();
  });

  it("has ended those of whom there is a note that is not renewed", async () => {
    for (const worker of ["ada", "bob"]) {
      await by(worker).begins("run-1", 0);
      await shared.workers.create(worker, packMessage({ id: worker }));
    }
    assert.equal(await by("cleo").begins("run-1", 0), false);
  });

  it("has not ended who asks", async () => {
    for (let i = 0; i < 3; i++)
      for (const worker of ["ada", "bob"]) assert.equal(await by(worker).begins("run-1", 0), true);
  });

  it("does not end every worker at the same place, where each came further", async () => {
    for (const worker of ["ada", "bob", "cleo"]) {
      assert.equal(await by(worker).begins("run-1", 0), true);
      await by(worker).goesOn("run-1", 0);
    }
    assert.equal(await by("dora").begins("run-1", 0), true);
    assert.equal(await by("eve").begins("run-1", 0), false, "two have died at one place");
    await by("eve").goesOn("run-1", 5);
    assert.deepEqual(await shared.suspects.keys(), ["run-1.0"]);
    await by("eve").ended("run-1", 0);
    assert.deepEqual(await shared.suspects.keys(), []);
  });

  it("is begun where what was noted cannot be read", async () => {
    for (const [i, bytes] of Object.values(garbage).entries()) {
      await shared.suspects.create(`run-1.${i}`, bytes);
      assert.equal(await by("ada").begins("run-1", i), true);
    }
  });

  /** A run of one chunk that has come once before, and the two workers that are noted for it. */
  async function comesAgain(noted: (run: string) => Promise<readonly string[]>): Promise<string> {
    const runs = await ClusterRuns.open({ bus, log: new Warnings() });
    const { id } = await runs.start(request({ until: "20s", runs: 1 }));
    const [delivery] = await shared.tasks.take({ max: 1, lanes: ["interactive", "batch"] });
    await delivery!.retry(0);
    const workers = await noted(id);
    for (let task = 0; task < 2; task++) await shared.suspects.create(`${id}.${task}`, packMessage(workers));
    const last = new ClusterWorker({ bus, log: new Warnings(), workers: 1 });
    await last.start();
    const text = (await allBytes(runs.frames(id))).toString("latin1");
    await last.drain();
    await runs.close();
    return text;
  }

  it("is a failed row of its run when they are dead", async () => {
    assert.match(await comesAgain(async () => ["ada", "bob"]), /worker-crashed/);
  });

  it("is done when they live, as after a bus that was away three times", async () => {
    const alive = ["ada", "bob"].map(living);
    const text = await comesAgain(async () => {
      for (const one of alive) await one.start();
      return ["ada", "bob"];
    });
    assert.doesNotMatch(text, /worker-crashed/);
    for (const one of alive) await one.stop();
  });
});
