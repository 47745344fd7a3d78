import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import WebSocket, { WebSocketServer } from "ws";
import { Forwarder } from "#src/gateway/forwarder.js";
import { FrameBounds } from "#src/gateway/frame-bounds.js";
import { Instance } from "#src/gateway/instance.js";
import { Tunnel } from "#src/gateway/tunnel.js";
import { Gate } from "#src/security/gate.js";

/** A frame with a binary message, as a client sends it. */
function frame(payload: Buffer): Buffer {
  const { length } = payload;
  const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  if (size.length === 1) size[0] = length;
  else if (size.length === 3) size.writeUInt16BE(length, 1);
  else size.writeBigUInt64BE(BigInt(length), 1);
  if (size.length > 1) size[0] = size.length === 3 ? 126 : 127;
  size[0]! |= 0x80;
  const mask = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([Buffer.from([0x82]), size, mask, payload.map((byte, i) => byte ^ mask[i % 4]!)]);
}

describe("a WebSocket through a gateway", () => {
  const agent = new Agent();
  const gateway = createServer();
  let service: WebSocketServer;
  /** The one that was opened last. */
  let tunnel: Tunnel;

  before(async () => {
    service = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(service, "listening");
    const { port } = service.address() as AddressInfo;
    const since = Date.now();
    const note = { id: "one", roles: ["runs"] as const, url: `http://127.0.0.1:${port}/`, version: "1", since };
    const instance = new Instance({ ...note, ready: true, load: { kernels: 0, streams: 0 } });
    const gate = new Gate({ ip: "127.0.0.1", token: "", allowHosts: [], allowOrigins: [], baseUrl: "/" });
    const forwarder = new Forwarder(agent, gate);
    gateway.on("upgrade", (request, stream, head) => {
      gate.admitSocket(request, new URL("/", "http://localhost"));
      tunnel = new Tunnel(stream as Socket);
      void forwarder.socket(request, tunnel, head, instance);
    });
    gateway.listen(0, "127.0.0.1");
    await once(gateway, "listening");
  });
  after(() => {
    agent.destroy();
    gateway.close();
    service.close();
  });

  const place = () => (gateway.address() as AddressInfo).port;
  const served = async () => ((await once(service, "connection")) as [WebSocket])[0];

  it("knows where frames end, wherever their bytes are cut, for lengths of every form", () => {
    const frames = [0, 1, 125, 126, 127, 65_535, 65_536, 3].map((size) => frame(Buffer.alloc(size, size)));
    const bytes = Buffer.concat(frames);
    const ends = new Set<number>();
    frames.reduce((end, { length }) => {
      ends.add(end + length);
      return end + length;
    }, 0);
    for (const step of [1, 2, 3, 7, 64, 1_000, bytes.length]) {
      const bounds = new FrameBounds();
      for (let at = 0; at < bytes.length; at += step) {
        bounds.pass(bytes.subarray(at, at + step));
        const seen = Math.min(bytes.length, at + step);
        assert.equal(bounds.isBetween, ends.has(seen), `${seen} of ${bytes.length} bytes, ${step} at a time`);
      }
    }
  });

  it("is closed with 1012 on both sides when the gateway ends, behind all that was sent", async () => {
    const [of, client] = [served(), new WebSocket(`ws://127.0.0.1:${place()}/`)];
    const [socket] = await Promise.all([of, once(client, "open")]);
    let taken = 0;
    client.on("message", () => taken++);
    const closed = [once(client, "close"), once(socket, "close")] as Promise<[number, Buffer]>[];
    client.send("hello");
    await once(socket, "message");
    for (let i = 0; i < 100; i++) socket.send(Buffer.alloc(100_000));
    await tunnel.end(60_000);
    for (const [code, reason] of await Promise.all(closed))
      assert.deepEqual([code, String(reason)], [1012, "the server is closing: connect again"]);
    assert.equal(taken, 100);
  });

  it("is closed between two messages, not in the middle of one", async () => {
    const of = served();
    const client = connect(place(), "127.0.0.1");
    const key = Buffer.alloc(16).toString("base64");
    const asked = ["GET / HTTP/1.1", "Host: 127.0.0.1", "Connection: Upgrade", "Upgrade: websocket"];
    client.write([...asked, "Sec-WebSocket-Version: 13", `Sec-WebSocket-Key: ${key}`, "\r\n"].join("\r\n"));
    const socket = await of;
    const heard: string[] = [];
    socket.on("message", (data: Buffer) => heard.push(String(data)));
    const closed = once(socket, "close") as Promise<[number]>;
    const bytes = Buffer.concat([frame(Buffer.from("one")), frame(Buffer.from("two"))]);
    client.write(bytes.subarray(0, 14));
    await once(socket, "message");
    const ended = tunnel.end(10_000);
    client.write(bytes.subarray(14));
    assert.equal((await closed)[0], 1012);
    assert.deepEqual(heard, ["one", "two"]);
    client.destroy();
    await ended;
  });

  it("leaves nothing behind where the service closes it", async () => {
    const [of, client] = [served(), new WebSocket(`ws://127.0.0.1:${place()}/`)];
    const [socket] = await Promise.all([of, once(client, "open")]);
    const [closed, left] = [once(client, "close"), once(tunnel.client, "close")];
    socket.close(1000, "that was all");
    assert.equal((await closed)[0], 1000);
    await left;
  });

  it("of a client that takes nothing is broken off", async () => {
    const [of, client] = [served(), new WebSocket(`ws://127.0.0.1:${place()}/`)];
    const socket = await of;
    client.on("error", () => {});
    await once(client, "open");
    client.pause();
    socket.on("error", () => {});
    const closed = once(socket, "close") as Promise<[number]>;
    for (let i = 0; i < 100; i++) socket.send(Buffer.alloc(1_000_000));
    await tunnel.end(50);
    client.terminate();
    socket.terminate();
    await closed;
  });
});
