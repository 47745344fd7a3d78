import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Wakeup } from "#src/bus/wakeup.js";

/** Bytes on their way, beyond which the sender has to wait, as the buffers of a network have it. */
const bufferBytes = 256 << 10;

type Way = "up" | "down";

/** A network between a process and the bus that is slow, or cut in one way or both: nothing is lost, it only does not come. */
export class FaultyLink {
  readonly url: string;
  /** Of each way. */
  latencyMs = 0;
  bytesPerSecond = Infinity;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #cut = new Set<Way>();
  readonly #healed = new Wakeup();

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.url = `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (from) => {
      const to = connect(Number(target.port), target.hostname);
      this.#pass(from, to, "up");
      this.#pass(to, from, "down");
    });
  }

  static async to(url: string): Promise<FaultyLink> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultyLink(server, new URL(url));
  }

  /** Nothing comes through, and nobody is told. */
  cut(...ways: Way[]): void {
    for (const way of ways) this.#cut.add(way);
  }

  heal(): void {
    this.#cut.clear();
    this.#healed.wake();
  }

  /** Every connection breaks off, as with a balancer that is started anew. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.heal();
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(from: Socket, to: Socket, way: Way): void {
    this.#sockets.add(from);
    from.on("error", () => {});
    from.on("close", () => {
      this.#sockets.delete(from);
      void last.then(() => to.destroy());
    });
    let waiting = 0;
    let last = Promise.resolve();
    let freeAt = 0;
    from.on("data", (bytes: Buffer) => {
      const now = performance.now();
      freeAt = Math.max(now, freeAt) + (1_000 * bytes.byteLength) / this.bytesPerSecond;
      const due = freeAt + this.latencyMs;
      waiting += bytes.byteLength;
      if (waiting > bufferBytes) from.pause();
      last = last.then(async () => {
        const left = due - performance.now();
        if (left > 0) await sleep(left);
        while (this.#cut.has(way)) await this.#healed.next;
        if (!to.destroyed) to.write(bytes);
        waiting -= bytes.byteLength;
        if (waiting <= bufferBytes) from.resume();
      });
    });
  }
}
