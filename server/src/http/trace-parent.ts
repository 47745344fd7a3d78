/** A place in a trace, as the header `traceparent` of https://www.w3.org/TR/trace-context/ has it. */
const wellFormed = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header where it is well formed; whatever else strangers send is as if it were not there. */
export function traceParent(header: unknown): string | undefined {
  return typeof header === "string" && wellFormed.test(header) ? header : undefined;
}

/** The id of the trace. */
export function traceIdOf(header: unknown): string | undefined {
  return typeof header === "string" ? wellFormed.exec(header)?.[1] : undefined;
}
