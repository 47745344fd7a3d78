import { ArchitechError } from "@architech/protocol";

/** How long an answer may take where no limit is given, ms. */
export const defaultRequestMs = 5_000;

export function noResponder(subject: string): ArchitechError {
  return new ArchitechError("bus-no-responder", `nobody responds on "${subject}"`);
}

export function requestTimeout(subject: string, timeoutMs: number): ArchitechError {
  return new ArchitechError("bus-timeout", `no answer on "${subject}" within ${timeoutMs} ms`);
}
