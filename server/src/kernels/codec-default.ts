import { ArchitechError } from "@architech/protocol";
import type { ChannelMessage, Codec } from "./codec.js";
import { type ChannelName, channelNames } from "./connection.js";
import { headerOf, type Parts } from "./wire.js";

/**
 * Jupyter's default: a message is one JSON object in a text frame. With buffers it is a binary frame: their number plus
 * one (u32 BE), as many offsets (u32 BE, from the start of the frame), the JSON, then the buffers.
 */
export const codecDefault: Codec = {
  encode(channel: ChannelName, parts: Parts): string | Buffer {
    const json = toJson(channel, parts);
    if (parts.buffers.length === 0) return json;
    const sections = [Buffer.from(json), ...parts.buffers];
    const head = Buffer.allocUnsafe(4 * (sections.length + 1));
    head.writeUInt32BE(sections.length, 0);
    let offset = head.length;
    sections.forEach((section, index) => {
      head.writeUInt32BE(offset, 4 * (index + 1));
      offset += section.length;
    });
    return Buffer.concat([head, ...sections], offset);
  },

  decode(data: Buffer, isBinary: boolean): ChannelMessage {
    if (!isBinary) return fromJson(data, []);
    const [json, ...buffers] = sectionsOf(data);
    return fromJson(json!, buffers);
  },
};

/** Puts the kernel's own JSON together as text: only the header is parsed, for the two names that stand outside too. */
function toJson(channel: ChannelName, { header, parent, metadata, content }: Parts): string {
  const { msg_id = "", msg_type = "" } = headerOf(header) ?? {};
  const names = `"msg_id":${JSON.stringify(msg_id)},"msg_type":${JSON.stringify(msg_type)},"channel":"${channel}"`;
  return `{"header":${header},"parent_header":${parent},"metadata":${metadata},"content":${content},"buffers":[],${names}}`;
}

function fromJson(json: Buffer, buffers: Buffer[]): ChannelMessage {
  let message: Record<string, unknown> | null;
  try {
    message = JSON.parse(json.toString()) as Record<string, unknown> | null;
  } catch (cause) {
    throw new ArchitechError("bad-frame", `a kernel message that is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof message !== "object" || message === null || typeof message["header"] !== "object")
    throw new ArchitechError("bad-frame", "a kernel message without a header");
  // Jupyter's older clients name no channel for shell messages.
  const channel = (message["channel"] ?? "shell") as ChannelName;
  if (!channelNames.includes(channel)) throw new ArchitechError("bad-frame", `no channel ${JSON.stringify(channel)}`);
  const part = (name: string) => Buffer.from(JSON.stringify(message[name] ?? {}));
  return {
    channel,
    parts: {
      header: part("header"),
      parent: part("parent_header"),
      metadata: part("metadata"),
      content: part("content"),
      buffers,
    },
  };
}

function sectionsOf(data: Buffer): Buffer[] {
  const count = data.length < 4 ? 0 : data.readUInt32BE(0);
  if (count < 1 || count > 4096 || data.length < 4 * (count + 1))
    throw new ArchitechError("bad-frame", `${count} sections in a frame of ${data.length} bytes`);
  const offsets = Array.from({ length: count }, (_, index) => data.readUInt32BE(4 * (index + 1)));
  return offsets.map((start, index) => {
    const end = offsets[index + 1] ?? data.length;
    if (start < 4 * (count + 1) || start > end || end > data.length)
      throw new ArchitechError("bad-frame", `a section from ${start} to ${end} in a frame of ${data.length} bytes`);
    return data.subarray(start, end);
  });
}
