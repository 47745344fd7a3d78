import { FlatTable } from "./flat-table.js";

/** What an Arrow IPC message is about: the numbers of Message.fbs. */
export const messageType = { schema: 1, dictionary: 2, recordBatch: 3 } as const;

/** Where a message of an Arrow IPC stream lies. */
export interface MessagePlace {
  /** See `messageType`. */
  readonly type: number;
  readonly header: FlatTable;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** The messages of an Arrow IPC stream (or of a part of one), without its end marker. */
export function arrowMessages(bytes: Uint8Array): MessagePlace[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: MessagePlace[] = [];
  for (let at = 0; at + 8 <= bytes.byteLength; ) {
    const headBytes = view.getInt32(at + 4, true);
    if (headBytes === 0) break;
    const body = at + 8 + headBytes;
    const message = FlatTable.root(bytes.subarray(at + 8, body));
    const header = message.table(2);
    const end = body + message.long(3);
    if (header !== undefined) found.push({ type: message.byte(1), header, start: at, body, end });
    at = end;
  }
  return found;
}

/** Rows of a record batch, and where each of its buffers begins in the body. */
export function batchParts(header: FlatTable): { readonly rows: number; readonly buffers: readonly number[] } {
  return { rows: header.long(0), buffers: header.firsts(2) };
}
