import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { packMessage } from "@architech/protocol";
import type { Bus, State } from "#src/bus/bus.js";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { chunks } from "#src/cluster/chunk.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { Membership } from "#src/cluster/membership.js";
import { runRecords } from "#src/cluster/run-record.js";
import { serviceNotes } from "#src/cluster/service-note.js";
import { BusSignatures } from "#src/contents/bus-signatures.js";
import { BusUploads } from "#src/contents/bus-uploads.js";
import { Trust } from "#src/contents/trust.js";
import { BusTexts } from "#src/lab/bus-texts.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";
import { freshFolder } from "../folders.js";
import { allBytes, request } from "../runs/host.js";
import { streamed, sweep } from "./cluster-contract.js";
import { garbage } from "./garbage.js";
import { until } from "./processes.js";
import { Warnings } from "./warnings.js";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const names = Object.keys(garbage);

describe("what is forged, truncated, oversized or of another version on the bus", function () {
  this.timeout(60_000);
  let bus: LocalBus;
  let shared: ClusterBus;
  let warnings: Warnings;
  let runs: ClusterRuns;
  let worker: ClusterWorker;
  beforeEach(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
    shared = new ClusterBus(bus);
    warnings = new Warnings();
    runs = await ClusterRuns.open({ bus, log: warnings });
    worker = new ClusterWorker({ bus, log: warnings, workers: 1 });
    await worker.start();
  });
  afterEach(async () => {
    await worker.drain();
    await runs.close();
    await bus.close();
  });

  /** Puts each piece of garbage under a key of its own. */
  async function litter(state: State, keyOf = (i: number): string => `garbage-${i}`): Promise<void> {
    for (const [i, bytes] of Object.values(garbage).entries()) await state.create(keyOf(i), bytes);
  }

  /** Everything works still. */
  async function works(): Promise<void> {
    const wanted = request({ until: "20s", seed: Math.floor(performance.now()) });
    const { id } = await runs.start(wanted);
    assert.deepEqual(await allBytes(runs.frames(id)), await streamed(wanted));
    assert.ok((await runs.list()).some((info) => info.id === id));
  }

  it("in the queue of tasks: each is dropped with a line, one of a version to come is kept for who knows it", async () => {
    for (const [i, bytes] of Object.values(garbage).entries())
      await shared.tasks.publish("batch", bytes, { id: `${i}` });
    const newer = packMessage({ kind: "chunk", version: 99, body: {} });
    await shared.tasks.publish("interactive", newer, { id: "newer" });
    // Of a run that is not there, and of one that is over: as of one who sends again what he has heard.
    const chunk = { run: "no-such-run", request: "none", version: shared.version, first: 0, count: 1 };
    await shared.tasks.publish("batch", chunks.pack(chunk), { id: "lost" });
    await works();
    const [over] = await runs.list();
    await shared.tasks.publish("batch", chunks.pack({ ...chunk, run: over!.id }), { id: "replayed" });
    for (const wrong of [{ count: 0 }, { count: 1e9 }, { first: -1 }, { run: "a/b" }, { version: 7 }])
      await shared.tasks.publish("batch", chunks.pack({ ...chunk, ...wrong }), { id: JSON.stringify(wrong) });
    await until(async () => {
      const { interactive, batch } = await shared.tasks.depth();
      return batch!.waiting + batch!.taken === 0 && interactive!.waiting + interactive!.taken === 1;
    }, "all but the newer one are gone");
    assert.equal(warnings.count(/message \d+ of lane batch/), names.length);
    assert.equal(warnings.count(/message newer of lane interactive: a chunk is of version 99/), 1);
    await works();
  });

  const states: Record<string, (shared: ClusterBus, bus: Bus) => State> = {
    "records of runs": ({ records }) => records,
    leases: ({ leases }) => leases,
    "notes of workers": ({ workers }) => workers,
    "results of no run": ({ results }) => results,
    "suspected tasks": ({ suspects }) => suspects,
  };
  for (const [what, stateOf] of Object.entries(states))
    it(`among the ${what}`, async () => {
      await litter(stateOf(shared, bus));
      await works();
    });

  it("among the records of runs: each has a line, and is not listed", async () => {
    await litter(shared.records);
    await until(() => warnings.count(/garbage-\d+/) >= names.length, "each is told of");
    assert.deepEqual(await runs.list(), []);
    await assert.rejects(runs.info("garbage-1"), { code: "bad-message" });
    await works();
  });

  it("as results of a run: they are thrown away, and what they stand for is done", async () => {
    await worker.drain();
    const wanted = sweep(30);
    const { id } = await runs.start(wanted);
    await until(
      async () => Object.values(await shared.tasks.depth()).some(({ waiting }) => waiting > 0),
      "its tasks wait",
    );
    await litter(shared.results, (i) => `${id}.${i}-1`);
    for (const key of ["x", "0-0", "5-999999999", "999999999-1000", "2-3"])
      await shared.results.create(`${id}.${key}`, Uint8Array.of(0, 1, 2));
    worker = new ClusterWorker({ bus, log: warnings, workers: 1 });
    await worker.start();
    assert.deepEqual(await allBytes(runs.frames(id)), await streamed(wanted));
  });

  it("as what is heard of progress and of ends", async () => {
    const wanted = request({ until: "100h", every: "10h" });
    const { id } = await runs.start(wanted);
    const stop = runs.onProgress(id, () => {});
    await sleep(100);
    for (const bytes of Object.values(garbage)) {
      await bus.publish(`runs.progress.${id}`, bytes);
      await bus.publish("runs.over.no-such-run", bytes);
    }
    await new Promise<void>((resolve) => void runs.onProgress(id, () => resolve()));
    stop();
    await runs.cancel(id);
    await works();
  });

  it("as the request of a run, or the end of its stream: it ends as failed with the reason, and is not tried for ever", async () => {
    const record = (id: string, object: string): Uint8Array => {
      const counts = { created: 1, frames: 0, bytes: 0, done: 0, total: 1 };
      const info = { id, kind: "run", state: "running", cached: false, ...counts };
      const rest = { schemas: [], tables: [], wantsCancel: false, user: "u", lane: "batch" };
      return runRecords.pack({ info, version: shared.version, request: object, rows: id, ...rest });
    };
    const { id: whole } = await runs.start(request());
    await runs.ended(whole);
    for (const [i, bytes] of Object.values(garbage).entries()) {
      await shared.requests.put(bytes, `wrong-${i}`);
      await shared.records.create(`forged-request-${i}`, record(`forged-request-${i}`, `wrong-${i}`));
      await shared.streams.append(`forged-rows-${i}`, 0, bytes);
      await shared.records.create(`forged-rows-${i}`, record(`forged-rows-${i}`, whole));
    }
    for (const i of names.keys())
      for (const id of [`forged-request-${i}`, `forged-rows-${i}`]) {
        const { state, error } = await runs.ended(id);
        assert.equal(state, "failed", `${id}, ${names[i]}`);
        assert.match(error!.code, /^(bad-|message-|storage-failed|not-an-object)/, `${id}: ${error!.message}`);
      }
    await works();
  });

  it("among the notes of services: each has a line, and nobody is led there", async () => {
    const members = new Membership(bus, ["gateway"], warnings);
    members.announce({ url: "http://127.0.0.1:1/", load: () => ({ kernels: 0, streams: 0 }), isReady: () => true });
    await litter(serviceNotes(bus));
    await until(() => warnings.count(/garbage-\d+/) >= names.length, "each is told of");
    assert.deepEqual(
      members.services.all().map(({ id }) => id),
      [members.id],
    );
    assert.equal(members.find("runs"), undefined);
    await members.leave();
  });

  it("among settings, uploads and what is trusted", async () => {
    const keyOf = (name: string): string => createHash("sha256").update(name).digest("hex");
    for (const [i, bytes] of [...Object.values(garbage), text("999999999"), text("-3")].entries()) {
      const texts = bus.state(`texts-${i}`);
      await texts.create(keyOf("a"), bytes);
      await texts.create(keyOf("b"), bytes);
      const kept = new BusTexts(texts);
      assert.deepEqual([await kept.names(), await kept.get("a")], [[], undefined]);
      await kept.set("a", "whole again");
      assert.deepEqual([await kept.names(), (await kept.get("a"))?.text], [["a"], "whole again"]);
      const counts = bus.state(`uploads-${i}`);
      await counts.create(keyOf("a.bin"), bytes);
      const uploads = new BusUploads(bus.objects("uploads"), counts);
      await assert.rejects(uploads.add("a.bin", 2, Buffer.from("b")), { code: "document-invalid" });
      await uploads.add("a.bin", 1, Buffer.from("a"));
      const [secrets, known] = [bus.state(`secrets-${i}`), bus.state(`trust-${i}`)];
      await secrets.create("notebook-secret", bytes);
      const notebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
      await new Trust(new BusSignatures(known, secrets)).mark(notebook as never);
    }
  });
});
