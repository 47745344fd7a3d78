import { randomUUID } from "node:crypto";

/** The header of a Jupyter message. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

/** A Jupyter message, either way. */
export interface Message {
  /** Who sent it, as the router socket knows them; empty on iopub, where it holds the topic. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parent: Header | Record<string, never>;
  readonly metadata: Record<string, unknown>;
  readonly content: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

/** The version of the messaging protocol that the kernel speaks. */
export const protocolVersion = "5.4";

/** The headers of one kernel: they share a session. */
export class Headers {
  readonly session: string = randomUUID();

  next(type: string): Header {
    return {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
  }
}
