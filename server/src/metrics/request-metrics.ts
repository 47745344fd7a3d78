import type { RequestHandler } from "express";
import type { Metrics } from "./metrics.js";

/** Seconds below which requests are counted together: from what a cache answers to what a person gives up on. */
const secondsBelow = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures every request that passes: how long it took, how many are being answered, and the codes of errors. */
export function measuredRequests(metrics: Metrics): RequestHandler {
  const took = metrics.histogram(
    "architech_http_request_seconds",
    "Time from a request to the end of its answer, by method, the kind of thing asked for, and status.",
    ["method", "api", "status"],
    secondsBelow,
  );
  const failed = metrics.counter("architech_errors_total", "Requests that were answered with an error, by its code.", [
    "code",
  ]);
  let open = 0;
  metrics.gauge("architech_http_requests_open", "Requests that are being answered.", [], async () => [{ value: open }]);
  return (request, response, next) => {
    const begun = performance.now();
    open += 1;
    response.once("close", () => {
      open -= 1;
      const { method } = request;
      const labels = { method, api: kindOf(request.originalUrl), status: String(response.statusCode) };
      took((performance.now() - begun) / 1000, labels);
      const { code } = response.locals as { code?: string };
      if (code !== undefined) failed(1, { code });
    });
    next();
  };
}

/** `contents`, `runs` and the like; paths themselves would be as many as there are documents. */
export function kindOf(url: string): string {
  const [, kind] = /\/api\/([a-z]+)(?:[/?]|$)/.exec(url) ?? [];
  return kind !== undefined && kinds.has(kind) ? kind : "other";
}

/** Anybody may ask for anything below `/api/`, and each name would be a series for ever. */
const kinds: ReadonlySet<string> = new Set([
  "contents",
  "events",
  "kernels",
  "kernelspecs",
  "licenses",
  "listings",
  "me",
  "nbconvert",
  "runs",
  "schemas",
  "sessions",
  "settings",
  "status",
  "themes",
  "translations",
  "workspaces",
]);
