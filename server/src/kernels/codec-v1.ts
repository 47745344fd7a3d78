import { ArchitechError } from "@architech/protocol";
import type { ChannelMessage, Codec } from "./codec.js";
import { type ChannelName, channelNames } from "./connection.js";
import type { Parts } from "./wire.js";

/** The name under which a browser asks for this codec. */
export const v1Subprotocol = "v1.kernel.websocket.jupyter.org";

/** The most parts a message may have: four of JSON and its buffers. */
const maxParts = 4096;

/**
 * `v1.kernel.websocket.jupyter.org`: the ZeroMQ parts as they are, none of them parsed. A frame is the number of offsets
 * (u64 LE), the offsets (u64 LE, from the start of the frame; the last is its end), the channel's name, then the parts.
 */
export const codecV1: Codec = {
  encode(channel: ChannelName, parts: Parts): Buffer {
    const sections = [
      Buffer.from(channel),
      parts.header,
      parts.parent,
      parts.metadata,
      parts.content,
      ...parts.buffers,
    ];
    const head = Buffer.allocUnsafe(8 * (sections.length + 2));
    head.writeBigUInt64LE(BigInt(sections.length + 1), 0);
    let offset = head.length;
    sections.forEach((section, index) => {
      head.writeBigUInt64LE(BigInt(offset), 8 * (index + 1));
      offset += section.length;
    });
    head.writeBigUInt64LE(BigInt(offset), 8 * (sections.length + 1));
    return Buffer.concat([head, ...sections], offset);
  },

  decode(data: Buffer, isBinary: boolean): ChannelMessage {
    if (!isBinary) throw new ArchitechError("bad-frame", "a text frame where this subprotocol has binary ones only");
    const sections = sectionsOf(data);
    const channel = sections[0]!.toString() as ChannelName;
    if (!channelNames.includes(channel)) throw new ArchitechError("bad-frame", `no channel "${channel.slice(0, 20)}"`);
    const [, header, parent, metadata, content, ...buffers] = sections;
    return { channel, parts: { header: header!, parent: parent!, metadata: metadata!, content: content!, buffers } };
  },
};

function sectionsOf(data: Buffer): Buffer[] {
  const count = data.length < 8 ? 0 : Number(data.readBigUInt64LE(0));
  if (count < 6 || count > maxParts + 2 || data.length < 8 * (count + 1))
    throw new ArchitechError("bad-frame", `${count} offsets in a frame of ${data.length} bytes`);
  const offsets = Array.from({ length: count }, (_, index) => Number(data.readBigUInt64LE(8 * (index + 1))));
  return offsets.slice(0, -1).map((start, index) => {
    const end = offsets[index + 1]!;
    if (start < 8 * (count + 1) || start > end || end > data.length)
      throw new ArchitechError("bad-frame", `a part from ${start} to ${end} in a frame of ${data.length} bytes`);
    return data.subarray(start, end);
  });
}
