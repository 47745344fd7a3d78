import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { goingAway } from "../http/close-codes.js";
import { FrameBounds } from "./frame-bounds.js";

/** How long a client may take to close its side once the service has closed it, ms. */
const lingerMs = 30_000;

/** A WebSocket that is led to a service. */
export class Tunnel {
  readonly client: Socket;
  #service: Socket | undefined;
  readonly #bounds: FrameBounds = new FrameBounds();
  #isEnding = false;
  #hasEnded = false;

  constructor(client: Socket) {
    this.client = client;
  }

  /** The service has taken the handshake: what the client sends is about to go there. */
  opened(service: Socket): void {
    this.#service = service;
    // Nobody reads any more what the client sends, so nobody would see that it has closed its side too.
    service.once("close", () => this.client.setTimeout(lingerMs, () => this.client.destroy()).resume());
    this.client.on("data", (bytes: Buffer) => {
      this.#bounds.pass(bytes);
      // What has just come is on its way to the service only after this.
      if (this.#isEnding) process.nextTick(() => this.#sayClose());
    });
  }

  /**
   * Closes it with 1012, in the client's name: the service answers with the same behind all that it has sent, which the
   * client gets as it gets every frame. One that does not take it in this time is broken off.
   */
  end(patienceMs: number): Promise<void> {
    const { client } = this;
    return new Promise((resolve) => {
      if (client.destroyed) return resolve();
      const timer = setTimeout(() => client.destroy(), patienceMs);
      client.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#isEnding = true;
      if (this.#service === undefined) client.destroy();
      else this.#sayClose();
    });
  }

  #sayClose(): void {
    if (this.#hasEnded || !this.#bounds.isBetween) return;
    this.#hasEnded = true;
    this.#service!.write(maskedClose(goingAway.code, goingAway.reason));
  }
}

/** The closing of a WebSocket as a client sends it, RFC 6455 sections 5.3 and 5.5.1; `reason` has no more than 123 bytes. */
function maskedClose(code: number, reason: string): Buffer {
  const mask = randomBytes(4);
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  const masked = payload.map((byte, i) => byte ^ mask[i % 4]!);
  return Buffer.concat([Buffer.from([0x88, 0x80 | payload.length]), mask, masked]);
}
