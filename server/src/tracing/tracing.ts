/** What is said of a span beside its name. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What was done in a span of time, for somebody who follows a trace. */
export interface Span {
  /** What others are told, so that theirs become children of it; see `traceparent` of https://www.w3.org/TR/trace-context/. */
  readonly traceparent: string | undefined;
  /** Ends it, now or at a time in milliseconds since 1970, well or with what was wrong. Only the first end counts. */
  end(how?: { readonly error?: unknown; readonly attributes?: SpanAttributes; readonly at?: number }): void;
}

export interface SpanOptions {
  /** What caused it; without one a trace begins. */
  readonly parent: string | undefined;
  /** `server` answers a request, `consumer` takes from a queue, `internal` is neither. */
  readonly kind?: "internal" | "server" | "consumer";
  readonly attributes?: SpanAttributes;
  /** When it began, in milliseconds since 1970; by default now. */
  readonly at?: number;
}

/** Where spans go. */
export interface Tracing {
  /** Whether anybody looks: what is only done for traces need not be done else. */
  readonly on: boolean;
  begin(name: string, options: SpanOptions): Span;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

/** Follows nothing. A trace of others goes through as it came. */
export const noTracing: Tracing = {
  on: false,
  begin: (_name, { parent }) => ({ traceparent: parent, end() {} }),
  close: async () => {},
};
