import { ArchitechError } from "@architech/protocol";
import { json, type Request, type RequestHandler } from "express";

/** Parses a JSON body of at most this many bytes, whatever content type a client states. */
export function jsonBody(limit: number): RequestHandler {
  return json({ limit, type: () => true, strict: false });
}

/** The body of a request as an object; an absent one is `{}`. Throws `body-malformed` for anything else. */
export function objectBody(request: Request): Record<string, unknown> {
  const body: unknown = request.body ?? {};
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ArchitechError("body-malformed", "the body is JSON but not an object");
  return body as Record<string, unknown>;
}

/** A member of a body that is a string or absent (null counts as absent). */
export function optionalString(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string")
    throw new ArchitechError("body-malformed", `"${name}" is ${typeof value}: a string is expected`, { path: [name] });
  return value;
}
