import { ArchitechError, requestLimits, unpackMessage } from "@architech/protocol";
import { type Request, type RequestHandler, raw } from "express";

/** Takes a body of JSON or MessagePack as bytes, up to the limit of a run request; a larger one is refused as `body-too-large`. */
export function bytesBody(limit: number = requestLimits.maxBytes): RequestHandler {
  return raw({ limit, type: () => true });
}

/** What a body says: MessagePack when its content type names it, else JSON. Throws `bad-message` or `body-malformed`. */
export function decodeBody(request: Request): unknown {
  const body: unknown = request.body;
  // A parser that stands before this one has done it already.
  if (!(body instanceof Uint8Array)) return body;
  if (/msgpack/i.test(request.headers["content-type"] ?? "")) return unpackMessage(body, requestLimits);
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"), refusePrototype);
  } catch (cause) {
    if (cause instanceof ArchitechError) throw cause;
    throw new ArchitechError("body-malformed", `the body is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new ArchitechError("body-malformed", '"__proto__" is not accepted as a key');
  return value;
}
