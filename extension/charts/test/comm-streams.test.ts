import assert from "node:assert/strict";
import { CommStreams } from "#src/comm-streams.js";
import type { RunStream } from "#src/run-stream.js";
import { readAll } from "./samples.js";
import { StandInKernel } from "./stand-in-kernel.js";

describe("CommStreams", () => {
  let kernel: StandInKernel;
  let streams: CommStreams;
  beforeEach(() => {
    kernel = new StandInKernel();
    streams = new CommStreams();
    streams.listen(kernel.connection);
  });

  it("listens to a kernel once, and to none where there is none", () => {
    streams.listen(kernel.connection);
    streams.listen(undefined);
    assert.deepEqual(kernel.targets, ["architech.stream"]);
  });

  it("says that it is ready, acknowledges what has come, and gives frames and end to readers", async () => {
    const comm = kernel.open({ run: "run-1" });
    comm.say({ frames: 1 }, [Uint8Array.of(1)]);
    comm.say({ frames: 2 }, [Uint8Array.of(2).buffer]);
    comm.say({ end: "done" });
    assert.deepEqual(comm.sent, [{ ready: true }, { ack: 1 }, { ack: 2 }]);
    assert.deepEqual(await readAll(streams.find("run-1") as RunStream), {
      frames: [1, 2],
      outcome: { state: "done" },
    });
  });

  it("copies a frame out of the message around it, so that it begins at an even address", async () => {
    const message = Uint8Array.of(0, 0, 0, 42, 43);
    kernel.open({ run: "run-1" }).say({ frames: 1 }, [new DataView(message.buffer, 3, 2)]);
    const reading = (streams.find("run-1") as RunStream).frames(new AbortController().signal, () => {});
    const { value } = await reading.next();
    assert.deepEqual(value, Uint8Array.of(42, 43));
    assert.equal((value as Uint8Array).byteOffset, 0);
  });

  it("a chart may wait for a run that is offered later, but not for ever", async () => {
    const later = streams.arrival("run-2", 60_000);
    kernel.open({ run: "run-2" });
    assert.equal(await later, streams.find("run-2"));
    assert.equal(await streams.arrival("run-2", 60_000), streams.find("run-2"));
    assert.equal(await streams.arrival("run-3", 0), undefined);
  });

  it("takes no notice of a comm that names no run", () => {
    assert.deepEqual(kernel.open({}).sent, []);
    assert.deepEqual(kernel.open({ run: 5 }).sent, []);
  });

  it("loses a run whose comm closes before the end", async () => {
    kernel.open({ run: "run-1" }).close();
    await assert.rejects(readAll(streams.find("run-1") as RunStream), { code: "server-unreachable" });
  });
});
