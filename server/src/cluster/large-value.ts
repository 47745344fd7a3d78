import { ArchitechError } from "@architech/protocol";
import type { Objects } from "../bus/bus.js";
import { busLimits, isKey } from "../bus/names.js";

/** First byte of a value: whether its bytes follow, or the name of the object that they are in. */
const kinds = { bytes: 0, object: 1 } as const;

/** Bytes of any size as a value of the bus; what is too large for a message goes into an object of that name. */
export async function packLarge(bytes: Uint8Array, objects: Objects, name: () => string): Promise<Uint8Array> {
  if (bytes.byteLength < busLimits.message) return withKind(kinds.bytes, bytes);
  return withKind(kinds.object, new TextEncoder().encode(await objects.put(bytes, name())));
}

/** The bytes again. Throws `bad-message`, and `storage-failed` when their object is gone. */
export async function unpackLarge(value: Uint8Array, objects: Objects): Promise<Uint8Array> {
  if (value[0] === kinds.bytes) return value.subarray(1);
  const name = objectOf(value);
  if (name === undefined)
    throw new ArchitechError(
      "bad-message",
      `a value begins with ${value[0] ?? "nothing"}, not with 0, or 1 and a name`,
    );
  const bytes = await objects.get(name);
  if (bytes === undefined) throw new ArchitechError("storage-failed", `the object ${name} of a run is gone`);
  return bytes;
}

/** The name of the object that a value's bytes are in, where they are not in the value. */
export function objectOf(value: Uint8Array): string | undefined {
  const name = value[0] === kinds.object ? new TextDecoder().decode(value.subarray(1)) : undefined;
  return isKey(name) ? name : undefined;
}

function withKind(kind: number, bytes: Uint8Array): Uint8Array {
  const value = new Uint8Array(1 + bytes.byteLength);
  value[0] = kind;
  value.set(bytes, 1);
  return value;
}
