import { ArchitechError, type ErrorCode } from "@architech/protocol";
import type { RequestHandler } from "express";
import { kindOf } from "../metrics/request-metrics.js";
import type { Tracing } from "../tracing/tracing.js";
import { requestId } from "./request-id.js";
import { traceParent } from "./trace-parent.js";

/** A span for each request that passes; what it leads to finds it in the request's `traceparent`. */
export function traced(tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    // Who looks at metrics would be most of what there is to see.
    if (!tracing.on || request.path.endsWith("/metrics")) return next();
    const span = tracing.begin(`${request.method} ${kindOf(request.originalUrl)}`, {
      kind: "server",
      parent: traceParent(request.headers["traceparent"]),
      attributes: {
        "http.request.method": request.method,
        "url.path": request.path,
        "architech.request.id": requestId(request),
      },
    });
    if (span.traceparent !== undefined) request.headers["traceparent"] = span.traceparent;
    response.once("close", () => {
      const { statusCode, locals } = response;
      const code = (locals["code"] as ErrorCode | undefined) ?? "internal";
      span.end({
        attributes: { "http.response.status_code": statusCode },
        ...(statusCode < 500 ? {} : { error: new ArchitechError(code, `answered with ${statusCode}`) }),
      });
    });
    next();
  };
}
