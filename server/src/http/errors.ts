import { ArchitechError, type ErrorCode } from "@architech/protocol";
import type { ErrorRequestHandler, Response } from "express";
import type { Log } from "../log.js";
import { TooManyRequests } from "./rate-limits.js";
import { idsOf } from "./request-id.js";

/** The HTTP status of each code that is not the default, 400. */
const statusOfCode: Partial<Record<ErrorCode, number>> = {
  "body-too-large": 413,
  "bus-closed": 503,
  "bus-no-responder": 503,
  "bus-timeout": 504,
  "bus-unreachable": 503,
  "document-changed": 412,
  "document-exists": 409,
  "document-not-found": 404,
  "host-refused": 403,
  internal: 500,
  "kernel-not-found": 404,
  "kernel-not-started": 500,
  "kernelspec-not-found": 404,
  "lab-not-built": 503,
  "log-conflict": 409,
  "log-deleted": 404,
  "login-required": 403,
  "message-too-large": 413,
  "not-found": 404,
  "origin-refused": 403,
  overloaded: 503,
  "path-refused": 403,
  "run-exists": 409,
  "run-not-found": 404,
  "service-timeout": 504,
  "service-unavailable": 503,
  "session-not-found": 404,
  "shutting-down": 503,
  "state-conflict": 409,
  "storage-failed": 500,
  "storage-full": 507,
  "too-many-requests": 429,
  "too-many-runs": 429,
  "user-refused": 403,
  "xsrf-mismatch": 403,
};

/** After how many seconds it is worth asking again, where that is so. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = {
  "bus-unreachable": 2,
  overloaded: 1,
  "service-unavailable": 1,
  "shutting-down": 1,
  "too-many-runs": 5,
};

/** What a refusal's `Retry-After` says; undefined where asking again is of no use. */
export function retryAfter(error: ArchitechError): number | undefined {
  return error instanceof TooManyRequests ? error.left.seconds : retryAfterSeconds[error.code];
}

/** The HTTP status that an error with this code answers with. */
export function statusOf(code: ErrorCode): number {
  return statusOfCode[code] ?? 400;
}

/** Full-disk codes of the operating system: no space, a quota, a limit on the size of one file. */
const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What MongoDB's driver throws while it finds no server, or has lost it. */
const storeAway = /^Mongo(Network|NetworkTimeout|PoolCleared|ServerSelection)Error$/;

/** Turns whatever was thrown into an error with a stable code; what is unknown becomes `internal` and keeps its cause. */
export function toArchitechError(thrown: unknown): ArchitechError {
  if (thrown instanceof ArchitechError) return thrown;
  const { code, type, message, status, name } = (thrown ?? {}) as {
    code?: string;
    name?: string;
    type?: string;
    message?: string;
    status?: number;
  };
  if (type === "entity.too.large")
    return new ArchitechError("body-too-large", "the body is larger than this server takes");
  if (type === "entity.parse.failed") return new ArchitechError("body-malformed", `the body is not JSON: ${message}`);
  if (thrown instanceof URIError) return new ArchitechError("body-malformed", `the address is malformed: ${message}`);
  if (status !== undefined && status >= 400 && status < 500)
    return new ArchitechError("body-malformed", message ?? "the request is malformed");
  if (code !== undefined && fullDisk.has(code))
    return new ArchitechError("storage-full", "the disk is full: free some space and save again", { cause: thrown });
  if (storeAway.test(name ?? ""))
    return new ArchitechError("service-unavailable", `the database of the documents does not answer: ${message}`, {
      cause: thrown,
    });
  return new ArchitechError("internal", message ?? String(thrown), { cause: thrown });
}

/** Sends an error as `{code, message, reason, path}`; Jupyter's clients read `message` and `reason`. */
export function sendError(response: Response, thrown: unknown, log: Log): void {
  const error = toArchitechError(thrown);
  // For whoever counts, and for the log.
  response.locals["code"] = error.code;
  if (error.code === "internal") {
    log.error(`${response.req.method} ${response.req.path}`, error.cause ?? error, idsOf(response.req));
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const seconds = retryAfter(error);
  if (seconds !== undefined) response.setHeader("Retry-After", seconds);
  response.status(statusOf(error.code)).json({ ...error.toJSON(), reason: error.code });
}

/** The last middleware: every error leaves as JSON with a stable code. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error, _request, response, _next) => sendError(response, error, log);
}
