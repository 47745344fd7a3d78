import { traceParent } from "../http/trace-parent.js";
import type { Span, SpanAttributes, Tracing } from "../tracing/tracing.js";
import { headerOf, type Parts } from "./wire.js";

/** Cells of one client that may be under way and traced; more than that go untraced. */
const most = 1_000;

/**
 * Follows cells from the moment they are asked for until their kernel has answered. The kernel is told of the span in
 * the metadata of the request, as `traceparent`: Architech's hands it on to the runs that the cell starts, others do not
 * mind.
 */
export class CellTraces {
  readonly #tracing: Tracing;
  readonly #about: SpanAttributes;
  readonly #open = new Map<string, Span>();

  constructor(tracing: Tracing, about: SpanAttributes) {
    this.#tracing = tracing;
    this.#about = about;
  }

  /** A message on its way to the kernel. */
  asked(parts: Parts): Parts {
    const header = headerOf(parts.header);
    if (header?.msg_type !== "execute_request" || this.#open.size >= most) return parts;
    const metadata = objectOf(parts.metadata);
    const span = this.#tracing.begin("cell", { parent: traceParent(metadata["traceparent"]), attributes: this.#about });
    this.#open.set(header.msg_id, span);
    const told = { ...metadata, traceparent: span.traceparent };
    return { ...parts, metadata: Buffer.from(JSON.stringify(told)) };
  }

  /** A message that came back. */
  answered(parts: Parts): void {
    if (this.#open.size === 0 || headerOf(parts.header)?.msg_type !== "execute_reply") return;
    const id = objectOf(parts.parent)["msg_id"];
    const span = this.#open.get(String(id));
    if (span === undefined) return;
    this.#open.delete(String(id));
    const { status, ename, evalue, execution_count: count } = objectOf(parts.content);
    span.end({
      attributes: { "jupyter.status": String(status), ...(typeof count === "number" ? { "jupyter.cell": count } : {}) },
      ...(status === "error" ? { error: new Error(`${String(ename)}: ${String(evalue)}`) } : {}),
    });
  }

  /** The kernel will not answer any more. */
  lost(): void {
    for (const span of this.#open.values()) span.end({ error: new Error("the kernel has ended") });
    this.#open.clear();
  }
}

function objectOf(part: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(part.toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
