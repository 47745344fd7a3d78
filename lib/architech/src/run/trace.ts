import { host } from "./host.js";

/** The trace that what is done now is a part of: the cell's, or the one that TRACEPARENT names; a W3C `traceparent`. */
export function currentTrace(): string | undefined {
  return host()?.traceparent?.() ?? (process.env["TRACEPARENT"] || undefined);
}
