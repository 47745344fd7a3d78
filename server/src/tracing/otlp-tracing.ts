// Only ever loaded by open-tracing.ts, where traces are wanted: the SDK takes a while to load.

import { pause } from "@architech/protocol";
import { type Context, DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { toArchitechError } from "../http/errors.js";
import type { Log } from "../log.js";
import { version } from "../version.js";
import type { Span, SpanOptions, Tracing } from "./tracing.js";

/** How long what is left may take to be sent when the process ends. */
const closeMs = 3_000;

const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;

/** Sends spans to a collector by OTLP over HTTP, in batches. Who cannot be reached is told of in the log, and nothing waits for it. */
export class OtlpTracing implements Tracing {
  readonly on = true;
  readonly #provider: BasicTracerProvider;

  constructor(role: string, log: Log) {
    diag.setLogger(quiet(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    this.#provider = new BasicTracerProvider({
      // What is named by the environment comes last, and wins.
      resource: defaultResource()
        .merge(
          resourceFromAttributes({ "service.name": "architech", "service.version": version, "architech.role": role }),
        )
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
  }

  begin(name: string, { parent, kind = "internal", attributes, at }: SpanOptions): Span {
    const tracer = this.#provider.getTracer("architech", version);
    const span = tracer.startSpan(
      name,
      { kind: kinds[kind], ...(attributes && { attributes: { ...attributes } }), ...(at && { startTime: at }) },
      contextOf(parent),
    );
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
      end({ error, attributes: more, at: ended } = {}) {
        if (!span.isRecording()) return;
        if (more !== undefined) span.setAttributes({ ...more });
        if (error !== undefined) {
          const { code, message } = toArchitechError(error);
          span.setAttribute("error.type", code).setStatus({ code: SpanStatusCode.ERROR, message });
        }
        span.end(ended);
      },
    };
  }

  async close(): Promise<void> {
    // Who does not take what is left must not keep the process.
    await Promise.race([this.#provider.shutdown(), pause(closeMs)]).catch(() => {});
  }
}

function contextOf(parent: string | undefined): Context {
  const [, traceId, spanId, flags] = parent?.split("-") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}

/** The SDK's own complaints, once a minute at most: each batch that goes nowhere has one. */
function quiet(log: Log): Parameters<typeof diag.setLogger>[0] {
  let until = 0;
  const warn = (message: string): void => {
    if (Date.now() < until) return;
    until = Date.now() + 60_000;
    log.warn(`traces: ${message.slice(0, 500)}`);
  };
  return { error: warn, warn, info() {}, debug() {}, verbose() {} };
}
