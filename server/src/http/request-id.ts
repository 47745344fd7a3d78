import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import type { Log, LogFields } from "../log.js";
import { traceIdOf } from "./trace-parent.js";

/** What an id may be, so that it can stand in any log and header. */
const wellFormed = /^[\w.-]{1,128}$/;

/** The id of a request: the one it came with, if that is well formed, else a new one, which then stands in its headers. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  if (typeof given === "string" && wellFormed.test(given)) return given;
  const id = randomUUID();
  request.headers["x-request-id"] = id;
  return id;
}

/** By what a line of the log is found that is about a request. */
export function idsOf(request: IncomingMessage): LogFields {
  return { requestId: requestId(request), traceId: traceIdOf(request.headers["traceparent"]) };
}

/** Gives each request its id, returns it, and says in the log what came of the request. */
export function identified(log: Log): RequestHandler {
  return (request, response, next) => {
    const id = requestId(request);
    response.setHeader("X-Request-Id", id);
    const { method, path, socket } = request;
    const begun = performance.now();
    const before = socket.bytesWritten;
    response.on("close", () => {
      const status = response.writableFinished ? response.statusCode : "broken off";
      const ms = Math.round(performance.now() - begun);
      log.info(`${method} ${path} ${status} ${ms} ms`, {
        ...idsOf(request),
        method,
        path,
        status,
        ms,
        // With its head.
        bytes: socket.bytesWritten - before,
        code: response.locals["code"] as string | undefined,
      });
    });
    next();
  };
}
