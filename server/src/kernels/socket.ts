import { randomUUID } from "node:crypto";
import { ArchitechError } from "@architech/protocol";
import type { WebSocket } from "ws";
import { closeWithError } from "../http/close-codes.js";
import type { SocketRoute } from "../http/sockets.js";
import type { Codec } from "./codec.js";
import { codecDefault } from "./codec-default.js";
import { codecV1, v1Subprotocol } from "./codec-v1.js";
import type { ChannelName } from "./connection.js";
import type { Kernels } from "./kernels.js";
import type { Parts } from "./wire.js";

/** Bounds of a kernel's WebSocket, in bytes. */
export interface ChannelLimits {
  /** What the kernel has not taken yet, before the browser is made to wait. */
  inbound: number;
  /** What the browser has not taken yet, before its connection is closed; it comes back and gets what it missed. */
  outbound: number;
}

/** `GET /api/kernels/:id/channels`: all channels of a kernel over one WebSocket. */
export function channelsRoute(kernels: Kernels, limits: ChannelLimits): SocketRoute {
  /** Who holds which session now: a client that reconnects takes over from its own stale connection. */
  const holders = new Map<string, WebSocket>();
  return {
    path: /^\/api\/kernels\/([^/]+)\/channels$/,
    subprotocols: [v1Subprotocol],
    check: ([id]) => void kernels.get(id!),
    connect(socket, { params: [id], query }) {
      const kernel = kernels.get(id!);
      const session = query.get("session_id") || randomUUID();
      const codec: Codec = socket.protocol === v1Subprotocol ? codecV1 : codecDefault;
      const key = `${kernel.id}:${session}`;
      const client = kernel.clients.join(session);
      holders.get(key)?.close(4409, "another connection took over this session");
      holders.set(key, socket);

      client.attach((channel, parts) => {
        const stalled = socket.bufferedAmount > limits.outbound;
        if (stalled || socket.readyState !== socket.OPEN) {
          client.detach();
          client.deliver(channel, parts);
          if (stalled) socket.terminate();
          return;
        }
        socket.send(encoded(codec, channel, parts), { binary: codec === codecV1 || parts.buffers.length > 0 });
      });

      socket.on("message", (data: Buffer, isBinary: boolean) => {
        try {
          const { channel, parts } = codec.decode(data, isBinary);
          if (channel === "iopub") throw new ArchitechError("bad-frame", "nothing can be sent on iopub");
          kernel.clients.send(client, channel, parts);
        } catch (error) {
          closeWithError(socket, error);
          return;
        }
        if (kernel.clients.toKernel.waiting > limits.inbound) {
          socket.pause();
          void kernel.clients.toKernel.drained().then(() => socket.resume());
        }
      });
      socket.on("close", () => {
        if (holders.get(key) !== socket) return;
        holders.delete(key);
        kernel.clients.leave(client);
      });
    },
  };
}

/** What a message is in a frame, worked out once for all clients that get it. */
function encoded(codec: Codec, channel: ChannelName, parts: Parts): string | Buffer {
  let frames = published.get(parts);
  if (frames === undefined) published.set(parts, (frames = new Map()));
  let frame = frames.get(codec);
  if (frame === undefined) frames.set(codec, (frame = codec.encode(channel, parts)));
  return frame;
}

const published = new WeakMap<Parts, Map<Codec, string | Buffer>>();
