import { errorFrom } from "@architech/protocol";
import type { Chunk } from "../cluster/chunk.js";
import type { Span, Tracing } from "../tracing/tracing.js";
import type { TaskEnded } from "./chunk-work.js";

/** Chunks of more tasks than this are one span: each of their tasks takes some milliseconds at most. */
const mostTasks = 32;

/** A span for each task of a chunk, below that of the chunk; undefined where there would be too many, or nobody looks. */
export function taskSpans(tracing: Tracing, chunk: Span, { run, count }: Chunk): TaskEnded | undefined {
  if (!tracing.on || count > mostTasks) return undefined;
  return ({ number, begun, outcome: { end, error } }) => {
    const attributes = {
      "architech.run": run,
      "architech.task": number,
      ...(end && { "architech.events": end.events }),
    };
    tracing
      .begin("task", { parent: chunk.traceparent, attributes, at: begun })
      .end(error === undefined ? {} : { error: errorFrom(error) });
  };
}
