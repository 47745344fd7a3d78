import { Message, type MessageHeader } from "apache-arrow";

/** Where a message of an Arrow IPC stream lies. */
export interface MessagePlace {
  readonly type: MessageHeader;
  readonly start: number;
  readonly body: number;
  readonly end: number;
  /** Of a record batch: its rows, and where each buffer begins in the body. */
  readonly rows: number;
  readonly buffers: readonly number[];
}

/** The messages of an Arrow IPC stream (or of a part of one), without its end marker. */
export function arrowMessages(bytes: Uint8Array): MessagePlace[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: MessagePlace[] = [];
  for (let at = 0; at + 8 <= bytes.byteLength; ) {
    const headBytes = view.getInt32(at + 4, true);
    if (headBytes === 0) break;
    const body = at + 8 + headBytes;
    const message = Message.decode(bytes.subarray(at + 8, body));
    const batch = message.isRecordBatch() ? message.header() : undefined;
    const end = body + message.bodyLength;
    found.push({
      type: message.headerType,
      start: at,
      body,
      end,
      rows: Number(batch?.length ?? 0),
      buffers: (batch?.buffers ?? []).map((region) => Number(region.offset)),
    });
    at = end;
  }
  return found;
}
