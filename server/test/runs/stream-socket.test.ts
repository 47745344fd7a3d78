import assert from "node:assert/strict";
import { once } from "node:events";
import {
  controlKind,
  decodeServerMessage,
  encodeControl,
  frameKind,
  readFrameHeader,
  type ServerMessage,
} from "@architech/protocol";
import { RunService } from "architech/host";
import type { WebSocket } from "ws";
import { allBytes, RunsHost, request, started } from "./host.js";

describe("run streams over WebSocket", function () {
  this.timeout(120_000);
  const hosts: RunsHost[] = [];
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.close();
  });

  async function open(...options: Parameters<typeof RunsHost.start>): Promise<RunsHost> {
    const host = await RunsHost.start(...options);
    hosts.push(host);
    return host;
  }

  it("the same seed gives the same Arrow bytes through a server as in process", async () => {
    const host = await open({ workers: 2 });
    const inProcess = await open({ workers: 0 });
    const { id } = await host.client.start(request());
    const local = await inProcess.service.start(request());
    const bytes = await allBytes(host.client.stream(id));
    assert.ok(bytes.byteLength > 50_000);
    assert.deepEqual(bytes, await allBytes(inProcess.service.frames(local.id)));
  });

  it("says that it is open, how far the run is, and how it ended", async () => {
    const host = await open();
    const { id } = await host.client.start(request({ until: "10min", every: "10s" }));
    const messages: ServerMessage[] = [];
    for await (const _ of host.client.stream(id, { onMessage: (message) => messages.push(message) })) void _;
    assert.equal(messages[0]?.type, "opened");
    const { type, state } = messages.at(-1) as { type: string; state?: string };
    assert.deepEqual({ type, state }, { type: "end", state: "done" });
    assert.ok(messages.some((message) => message.type === "progress" && message.total === 3));
  });

  it("a reader resumes in the middle after its connection broke, again and again, and misses nothing", async () => {
    const host = await open();
    const { id } = await host.client.start(request({ until: "10min" }));
    let frames = 0;
    const resumed = await allBytes(
      (async function* () {
        for await (const frame of host.client.stream(id)) {
          yield frame;
          if (++frames % 40 === 0) host.dropConnections();
        }
      })(),
    );
    assert.ok(frames > 100, String(frames));
    assert.deepEqual(resumed, await allBytes(host.service.frames(id)));
  });

  it("a reader that begins in the middle gets the schemas first", async () => {
    const host = await open();
    const { id } = await host.client.start(request({ until: "10min" }));
    await host.service.ended(id);
    const seqs: number[] = [];
    for await (const frame of host.client.stream(id, { offset: 50 })) seqs.push(readFrameHeader(frame).seq);
    assert.deepEqual(seqs.slice(0, 3), [0, 1, 50]);
  });

  it("a stalled reader holds no more than its window, and one beside it is not slowed down", async () => {
    const windowBytes = 16 << 10;
    const host = await open({}, { windowBytes });
    const { id } = await host.client.start(request({ until: "5min" }));
    const stalled = host.socket(id);
    let held = 0;
    stalled.on("message", (data: Buffer) => {
      // Progress and the like come beside the frames that the window holds.
      if (data[0] === frameKind) held += data.byteLength;
    });
    await once(stalled, "open");
    const fast = await allBytes(host.client.stream(id));
    assert.ok(fast.byteLength > 20 * windowBytes, `${fast.byteLength} bytes in all`);
    // What was sent before this answer has been read.
    stalled.ping();
    await once(stalled, "pong");
    assert.ok(held <= windowBytes, `${held} bytes were sent to the one that acknowledges nothing`);
    assert.ok(held > 0);
    stalled.terminate();
  });

  it("a stalled reader that acknowledges at last gets the rest", async () => {
    const host = await open({}, { windowBytes: 4 << 10 });
    const { id } = await host.client.start(request({ until: "1min" }));
    const { state } = await host.service.ended(id);
    assert.equal(state, "done");
    const socket = host.socket(id);
    const frames: Buffer[] = [];
    let isAwake = false;
    const acknowledge = () => {
      const last = frames.at(-1);
      if (last !== undefined) socket.send(encodeControl({ type: "ack", seq: readFrameHeader(last).seq }));
    };
    socket.on("message", (data: Buffer) => {
      if (data[0] !== frameKind) return;
      frames.push(data);
      if (isAwake) acknowledge();
    });
    const [first] = (await once(socket, "message")) as [Buffer];
    assert.equal(decodeServerMessage(first).type, "opened");
    socket.ping();
    await once(socket, "pong");
    isAwake = true;
    acknowledge();
    await once(socket, "close");
    assert.deepEqual(Buffer.concat(frames), await allBytes(host.service.frames(id)));
  });

  it("a reader that stays stalled is told so and disconnected", async () => {
    const host = await open({}, { windowBytes: 4 << 10, stallMs: 50 });
    const { id } = await host.client.start(request());
    const stalled = host.socket(id);
    const controls: ServerMessage[] = [];
    stalled.on("message", (data: Buffer) => {
      if (data[0] === controlKind) controls.push(decodeServerMessage(data));
    });
    await once(stalled, "close");
    assert.ok(controls.some((message) => message.type === "error" && message.code === "reader-stalled"));
    assert.equal((await host.service.ended(id)).state, "done", "the run went on");
  });

  const bad: [string, number, (socket: WebSocket) => void][] = [
    ["text", 1007, (socket) => socket.send("hello")],
    ["a message that is none", 1007, (socket) => socket.send(Uint8Array.of(1, 0xc1))],
    [
      "an unknown message",
      1007,
      (socket) =>
        socket.send(Buffer.concat([Uint8Array.of(1), Uint8Array.of(0x81, 0xa4, 0x74, 0x79, 0x70, 0x65, 0xa1, 0x78)])),
    ],
    ["a frame", 1007, (socket) => socket.send(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0))],
    ["a message beyond the limit", 1009, (socket) => socket.send(new Uint8Array(2 << 20))],
  ];
  for (const [what, code, send] of bad)
    it(`closes the socket of one who sends ${what} with ${code}, and no other`, async () => {
      const host = await open();
      const { id } = await host.client.start(request({ until: "1000h", every: "1h" }));
      const other = allBytes(host.client.stream(id));
      const socket = host.socket(id);
      await once(socket, "open");
      send(socket);
      const [closed, reason] = (await once(socket, "close")) as [number, Buffer];
      assert.equal(closed, code);
      if (code === 1007) assert.match(reason.toString(), /^bad-message: /);
      assert.equal((await host.client.cancel(id)).state, "cancelled", "the run was going on until now");
      assert.ok((await other).byteLength > 0);
    });

  it("refuses an offset that is none, and a run that is not there", async () => {
    const host = await open();
    for (const path of ["none-such", "none-such?offset=x"]) {
      const socket = host.socket(path);
      const [data] = (await once(socket, "message")) as [Buffer];
      const message = decodeServerMessage(data);
      assert.ok(message.type === "error" && ["run-not-found", "invalid-argument"].includes(message.code));
    }
  });

  it("a reader can cancel the run", async () => {
    const host = await open();
    const { id } = await host.client.start(request({ until: "100h", every: "1h" }));
    await started(host, id);
    const socket = host.socket(id);
    await once(socket, "open");
    const ended = host.service.ended(id);
    socket.send(encodeControl({ type: "cancel" }));
    assert.equal((await ended).state, "cancelled");
  });

  it("a run goes on after a restart in its middle, and has the bytes that it would have had", async () => {
    const wanted = request({ until: "10min", runs: 8 });
    const host = await open();
    const { id } = await host.client.start(wanted);
    await started(host, id);
    await host.service.close();
    host.service = await RunService.open({ folder: host.folder, workers: 1 });
    const messages: ServerMessage[] = [];
    const bytes = await allBytes(host.client.stream(id, { onMessage: (message) => messages.push(message) }));
    const end = messages.at(-1);
    assert.ok(end?.type === "end" && end.state === "done");
    const other = await open();
    assert.deepEqual(bytes, await allBytes(other.service.frames((await other.service.start(wanted)).id)));
  });
});
