import assert from "node:assert/strict";
import type { Bus, State, StateChange } from "#src/bus/bus.js";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { follow } from "#src/cluster/follow.js";
import { silentLog } from "#src/log.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";
import { freshFolder } from "../folders.js";
import { allBytes, request } from "../runs/host.js";

/** A bucket whose watchers hear nothing from some moment on, as those of a process that stood still. */
function deaf(state: State, hears: (change: StateChange) => boolean): State {
  return new Proxy(state, {
    get(of, name) {
      if (name === "watch")
        return async function* (prefix: string, signal: AbortSignal) {
          for await (const change of of.watch(prefix, signal)) if (hears(change)) yield change;
        };
      const value = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}

/** A bus of which one bucket's watchers hear nothing. */
function deafTo(bus: Bus, deafBucket: string): Bus {
  return new Proxy<Bus>(bus, {
    get(of, name) {
      if (name === "state")
        return (bucket: string, options?: { ttlMs?: number }) =>
          bucket === deafBucket ? deaf(of.state(bucket, options), () => false) : of.state(bucket, options);
      const value = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}

describe("what a process of a cluster missed", () => {
  let bus: LocalBus;
  before(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
  });
  after(() => bus.close());

  it("a lease whose end nobody told is found to be over, and the run is led", async function () {
    this.timeout(60_000);
    // Somebody else has the lease, and dies with it.
    await new ClusterBus(bus).leases.create("left-behind", new Uint8Array([1]));
    const host = await ClusterRuns.open({ bus: deafTo(bus, "leases"), log: silentLog });
    const worker = new ClusterWorker({ bus, log: silentLog, workers: 1 });
    await worker.start();
    await host.start({ ...request(), id: "left-behind" });
    assert.equal((await host.ended("left-behind")).state, "done");
    await host.close();
    await worker.drain();
  });

  it("rows stay that another run has begun to share, and are not taken for there when they have gone", async function () {
    this.timeout(60_000);
    const late = await ClusterRuns.open({ bus: deafTo(bus, "runs"), log: silentLog });
    const other = await ClusterRuns.open({ bus, log: silentLog });
    const worker = new ClusterWorker({ bus, log: silentLog, workers: 1 });
    await worker.start();
    const wanted = request({ seed: 77 });
    const first = await other.start(wanted, { user: "alice" });
    await other.ended(first.id);
    const bytes = await allBytes(other.frames(first.id));
    // From its start on it knows this run, and no change of it.
    assert.deepEqual(
      (await late.list("alice")).map(({ id }) => id),
      [first.id],
    );
    const second = await other.start(wanted, { user: "bob" });
    assert.equal(second.cached, true);
    await late.delete(first.id);
    assert.deepEqual(await allBytes(other.frames(second.id)), bytes, "late has not heard that bob shares them");

    // It knows of bob's by now, and hears nothing of its end.
    await other.delete(second.id);
    const third = await late.start(wanted, { user: "carol" });
    assert.equal(third.cached, false, "there are no rows to share any more");
    assert.deepEqual(await allBytes(late.frames(third.id)), bytes);
    await late.close();
    await other.close();
    await worker.drain();
  });

  it("what is gone is noticed without a word of it, and what comes back is there", async () => {
    const state = bus.state("notes");
    const end = new AbortController();
    const heard: string[] = [];
    const options = { what: "notes", log: silentLog, signal: end.signal, checkMs: 50 };
    const following = follow(
      deaf(state, ({ value }) => value !== undefined),
      "",
      options,
      ({ key, value }) => void heard.push(`${value === undefined ? "-" : "+"}${key}`),
    );
    const until = async (wanted: string[]) => {
      while (heard.length < wanted.length) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.deepEqual(heard, wanted);
    };
    await state.create("a", new Uint8Array([1]));
    await state.create("b", new Uint8Array([1]));
    await until(["+a", "+b"]);
    await state.delete("a");
    await until(["+a", "+b", "-a"]);
    await state.create("a", new Uint8Array([2]));
    await until(["+a", "+b", "-a", "+a"]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await until(["+a", "+b", "-a", "+a"]);
    end.abort();
    await following;
  });
});
