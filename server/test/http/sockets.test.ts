import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import WebSocket from "ws";
import { Sockets } from "#src/http/sockets.js";
import { Gate } from "#src/security/gate.js";

describe("sockets", () => {
  it("what goes wrong after the handshake closes the socket as the protocol says", async () => {
    const gate = new Gate({ ip: "127.0.0.1", token: "", allowHosts: [], allowOrigins: [], baseUrl: "/" });
    const sockets = new Sockets(gate, "/", { messageLimit: 1_000, pingMs: 60_000 });
    sockets.add({
      path: /^\/broken$/,
      connect: () => {
        throw new Error("it broke");
      },
    });
    const http = createServer().on("upgrade", (request, stream, head) => sockets.upgrade(request, stream, head));
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/broken`);
    const [code] = await once(socket, "close");
    assert.equal(code, 1011);
    sockets.close();
    http.close();
  });
});
