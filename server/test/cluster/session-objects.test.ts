import assert from "node:assert/strict";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { SessionObjects } from "#src/cluster/session-objects.js";
import { failing } from "../bus/bytes.js";
import { freshFolder } from "../folders.js";

describe("an object of a session of parts", () => {
  const name = "run-1.0.part-1.from";
  let bus: LocalBus;
  before(async () => void (bus = await LocalBus.open({ folder: await freshFolder() })));
  after(() => bus.close());

  it("is that of its session, and never what another has put in its place, or somebody else", async () => {
    const all = bus.objects("progress");
    const [one, other] = ["one", "other"].map((session) => new SessionObjects(all, session)) as [
      SessionObjects,
      SessionObjects,
    ];
    assert.equal(await one.get(name), undefined);
    await one.put(Uint8Array.of(1, 2, 3), name);
    assert.deepEqual([...(await one.get(name))!], [1, 2, 3]);
    await other.put(Uint8Array.of(4), name);
    await assert.rejects(one.get(name), failing("storage-failed"));
    assert.deepEqual([...(await other.get(name))!], [4]);
    await all.put(new Uint8Array(3), name);
    await assert.rejects(one.get(name), failing("bad-message"));
    await all.put(new Uint8Array(0), name);
    await assert.rejects(one.get(name), failing("storage-failed"));
    await one.delete(name);
    assert.equal(await other.has(name), false);
  });
});
