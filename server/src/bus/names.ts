import { ArchitechError } from "@architech/protocol";

/** Sizes in bytes past which the bus refuses. A message is below the 1 MiB that a NATS server takes, its headers included. */
export const busLimits: { readonly message: number; readonly object: number } = {
  message: 1_000_000,
  object: 256 * 1024 * 1024,
};

const name = /^[A-Za-z0-9_-]{1,64}$/;
const key = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const pattern = /^([A-Za-z0-9_-]+|\*)(\.([A-Za-z0-9_-]+|\*))*$/;
const id = /^[\x21-\x7e]{1,128}$/;
const keyLength = 200;

/** A queue, a lane, a bucket, a log: letters, digits, `_` and `-`, at most 64. */
export function checkName(what: string, value: string): void {
  if (typeof value !== "string" || !name.test(value))
    throw invalid(what, value, "1 to 64 letters, digits, _ and - are accepted");
}

/** Whether a text is a key, an object's name or a subject: names joined by dots, at most 200 characters. */
export function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length <= keyLength && key.test(value);
}

/** Throws `bus-name-invalid` for what is no key. */
export function checkKey(what: string, value: string): void {
  if (!isKey(value))
    throw invalid(what, value, `names of letters, digits, _ and - joined by dots are accepted, at most ${keyLength}`);
}

/** A subject to listen on, of which some names may be `*`. */
export function checkPattern(value: string): void {
  if (typeof value !== "string" || value.length > keyLength || !pattern.test(value))
    throw invalid("a subject", value, `names or * joined by dots are accepted, at most ${keyLength} characters`);
}

/** What a message is known by: visible ASCII, at most 128. */
export function checkId(value: string): void {
  if (typeof value !== "string" || !id.test(value))
    throw invalid("the id of a message", value, "1 to 128 visible ASCII characters are accepted");
}

/** The number of a frame or of a take: a whole number from `least` up. */
export function checkNumber(what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new ArchitechError("invalid-argument", `${what} is ${value}: a whole number from ${least} up is wanted`);
}

export function checkSize(what: string, bytes: Uint8Array, limit: number = busLimits.message): void {
  if (!(bytes instanceof Uint8Array)) throw new ArchitechError("invalid-argument", `${what} is not bytes`);
  if (bytes.byteLength > limit)
    throw new ArchitechError(
      "message-too-large",
      `${what} has ${bytes.byteLength} bytes, at most ${limit} are accepted`,
    );
}

function invalid(what: string, value: unknown, right: string): ArchitechError {
  const shown = JSON.stringify(String(value).slice(0, 80));
  return new ArchitechError("bus-name-invalid", `${what} cannot be ${shown}: ${right}`);
}
