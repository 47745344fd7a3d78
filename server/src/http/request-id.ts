import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import type { Log } from "../log.js";

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

/** Gives each request its id, returns it, and says in the log what came of the request. */
export function identified(log: Log): RequestHandler {
  return (request, response, next) => {
    const id = requestId(request);
    response.setHeader("X-Request-Id", id);
    const { method, path } = request;
    const begun = performance.now();
    response.on("close", () => {
      const ms = Math.round(performance.now() - begun);
      log.info(`${id} ${method} ${path} ${response.writableFinished ? response.statusCode : "broken off"} ${ms} ms`);
    });
    next();
  };
}
