import type { ChannelName } from "./connection.js";
import type { Parts } from "./wire.js";

/** A message as it goes over a WebSocket: which channel of the kernel, and its parts. */
export interface ChannelMessage {
  readonly channel: ChannelName;
  readonly parts: Parts;
}

/** One of Jupyter's two ways to put a kernel message into a WebSocket frame. */
export interface Codec {
  /** A frame for the browser. */
  encode(channel: ChannelName, parts: Parts): string | Buffer;
  /** A frame from the browser; throws `bad-frame`. */
  decode(data: Buffer, isBinary: boolean): ChannelMessage;
}
