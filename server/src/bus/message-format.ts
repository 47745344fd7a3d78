import { ArchitechError, controlLimits, packMessage, unpackMessage } from "@architech/protocol";
import type { Log } from "../log.js";
import type { Delivery } from "./bus.js";
import { busLimits } from "./names.js";

/** How long a message of a newer version waits before it is offered again, to a worker that may know it. */
const newerRetryMs = 5_000;

/**
 * A kind of message in its versions: `{ kind, version, body }` as MessagePack. An old and a new version of a service may
 * run side by side: the new one reads what the old ones wrote, and the old one leaves what it cannot read yet.
 */
export class MessageFormat<T> {
  readonly kind: string;
  /** What `pack` writes. */
  readonly version: number;
  /** A parser for the body of each version that can be read; it throws for what is not of that version. */
  readonly #parsers: Readonly<Record<number, (body: unknown) => T>>;

  constructor(kind: string, version: number, parsers: Readonly<Record<number, (body: unknown) => T>>) {
    if (parsers[version] === undefined)
      throw new ArchitechError("invalid-argument", `${kind} has no parser of its own version ${version}`);
    this.kind = kind;
    this.version = version;
    this.#parsers = parsers;
  }

  pack(body: unknown): Uint8Array {
    return packMessage({ kind: this.kind, version: this.version, body });
  }

  /** Throws `message-newer` for a version to come, `bad-message` or `message-too-large` for what nobody should have sent. */
  unpack(bytes: Uint8Array): T {
    const limits = { ...controlLimits, maxBytes: busLimits.message };
    const { kind, version, body } = (unpackMessage(bytes, limits) ?? {}) as Record<string, unknown>;
    if (kind !== this.kind)
      throw new ArchitechError("bad-message", `a message is of kind ${shown(kind)}, "${this.kind}" is wanted`);
    if (!Number.isSafeInteger(version) || (version as number) < 1)
      throw new ArchitechError("bad-message", `a ${this.kind} has version ${shown(version)}, a count from 1 is wanted`);
    const parser = this.#parsers[version as number];
    if (parser !== undefined) return parser(body);
    if ((version as number) > this.version)
      throw new ArchitechError(
        "message-newer",
        `a ${this.kind} is of version ${version}, this service knows up to ${this.version}: bring it up to date`,
      );
    throw new ArchitechError("bad-message", `a ${this.kind} is of version ${version}, which is no longer read`);
  }
}

/**
 * The deliveries that can be read. One of a newer version is given back, for a worker that knows it; one that nobody
 * can read is dropped, with a line in the log.
 */
export async function readable<T>(
  deliveries: readonly Delivery[],
  format: MessageFormat<T>,
  log: Log,
): Promise<{ delivery: Delivery; message: T }[]> {
  const read: { delivery: Delivery; message: T }[] = [];
  for (const delivery of deliveries) {
    try {
      read.push({ delivery, message: format.unpack(delivery.bytes) });
    } catch (error) {
      const { code, message } = error as ArchitechError;
      log.warn(`message ${delivery.id} of lane ${delivery.lane}: ${message}`);
      if (code === "message-newer") await delivery.retry(newerRetryMs);
      else await delivery.drop(message);
    }
  }
  return read;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? "nothing";
}
