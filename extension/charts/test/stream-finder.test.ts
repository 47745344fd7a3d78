import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { CommStreams } from "#src/comm-streams.js";
import type { RunStream } from "#src/run-stream.js";
import { StreamFinder } from "#src/stream-finder.js";
import { readAll } from "./samples.js";
import { StandInKernel } from "./stand-in-kernel.js";

/** A server whose runs give one frame, or fail. */
function server(error?: ArchitechError): { open(run: string): RunStream; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    open: (run) => ({
      async *frames() {
        asked.push(run);
        if (error !== undefined) throw error;
        yield Uint8Array.of(99);
        return { state: "done" };
      },
      cancel: async () => {},
    }),
  };
}

describe("StreamFinder", () => {
  let kernel: StandInKernel;
  let comms: CommStreams;
  beforeEach(() => {
    kernel = new StandInKernel();
    comms = new CommStreams();
    comms.listen(kernel.connection);
  });
  const offer = (run: string): void => {
    const comm = kernel.open({ run });
    comm.say({ frames: 1 }, [Uint8Array.of(1)]);
    comm.say({ end: "done" });
  };

  it("prefers the kernel that offers the run", async () => {
    offer("run-1");
    const ours = server();
    const stream = new StreamFinder(comms, ours).find("run-1");
    assert.deepEqual((await readAll(stream)).frames, [1]);
    assert.deepEqual(ours.asked, []);
    assert.equal(stream.cancel, undefined);
  });

  it("asks the server for any other, which can also cancel it", async () => {
    const stream = new StreamFinder(comms, server()).find("run-1");
    assert.deepEqual((await readAll(stream)).frames, [99]);
    assert.equal(typeof stream.cancel, "function");
  });

  it("takes from a kernel what the server does not know, when it was offered meanwhile", async () => {
    const stream = new StreamFinder(comms, server(new ArchitechError("run-not-found", "no run"))).find("run-1");
    offer("run-1");
    assert.deepEqual((await readAll(stream)).frames, [1]);
  });

  it("tells why the server cannot give it", async () => {
    for (const code of ["run-not-found", "server-unreachable"] as const) {
      const stream = new StreamFinder(comms, server(new ArchitechError(code, "no"))).find("run-1");
      await assert.rejects(readAll(stream), { code });
    }
  });

  it("without a server waits for a kernel, and says that none came", async () => {
    const later = readAll(new StreamFinder(comms, undefined).find("run-1"));
    offer("run-1");
    assert.deepEqual((await later).frames, [1]);
    await assert.rejects(readAll(new StreamFinder(comms, undefined, 0).find("run-2")), { code: "run-not-found" });
  });
});
