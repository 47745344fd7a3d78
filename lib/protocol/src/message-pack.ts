import { Packr } from "msgpackr/pack";
import { Unpackr } from "msgpackr/unpack";
import { ArchitechError } from "./errors.js";
import { checkMessagePack, type MessagePackLimits } from "./message-pack-check.js";

const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: true, moreTypes: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });

/** Packs plain data (what JSON can say). Fields that are undefined become null. */
export function packMessage(value: unknown): Uint8Array {
  return packr.pack(value);
}

/**
 * Unpacks plain data from bytes that anyone may have sent. The bytes are checked before they are decoded:
 * size, depth, number of values, no extension types, text keys only, nothing missing and nothing left over.
 * Throws `message-too-large` or `bad-message`, and nothing else.
 */
export function unpackMessage(bytes: Uint8Array, limits?: Partial<MessagePackLimits>): unknown {
  checkMessagePack(bytes, limits);
  try {
    return unpackr.unpack(bytes);
  } catch (cause) {
    throw new ArchitechError("bad-message", "a message does not decode as MessagePack", { cause });
  }
}
