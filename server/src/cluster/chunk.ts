import { ArchitechError, field, integerField, isRunId, optionalField, record, textField } from "@architech/protocol";
import { MessageFormat } from "../bus/message-format.js";
import { traceParent } from "../http/trace-parent.js";

/** Some tasks of a run, one after the other: what a worker takes at once. */
export interface Chunk {
  readonly run: string;
  /** The object that the run's request is in. */
  readonly request: string;
  /** See `RunRecord.version`. */
  readonly version: string;
  /** Number of the first task. */
  readonly first: number;
  readonly count: number;
  /** The request itself, packed and in Base64, where it is short: the object need not be fetched. */
  readonly inline?: string;
  /** The trace that it is a part of, as a W3C `traceparent`. */
  readonly trace?: string;
}

/** Chunks as the queue of tasks keeps them. */
export const chunks: MessageFormat<Chunk> = new MessageFormat("chunk", 1, {
  1: (body) => {
    const from = record(body, "a chunk");
    const run = textField(from, "run");
    if (!isRunId(run)) throw new ArchitechError("bad-message", "a chunk is of a run, and its id is not that of one");
    const count = integerField(from, "count");
    if (count < 1 || count > mostTasks)
      throw new ArchitechError("bad-message", `a chunk has 1 to ${mostTasks} tasks, not ${field(from, "count")}`);
    const trace = traceParent(field(from, "trace"));
    const inline = optionalField(from, "inline", textField);
    return {
      run,
      request: textField(from, "request"),
      version: textField(from, "version"),
      first: integerField(from, "first"),
      count,
      ...(inline === undefined ? {} : { inline }),
      ...(trace === undefined ? {} : { trace }),
    };
  },
});

/** Tasks in a chunk, at most. */
export const mostTasks = 1_000;

/** The key that the results of a chunk have in the state of results. */
export function resultKey({ run, first, count }: Pick<Chunk, "run" | "first" | "count">): string {
  return `${run}.${first}-${count}`;
}

/** The tasks that a key of results stands for. Throws `bad-message`. */
export function tasksOf(key: string): { readonly first: number; readonly count: number } {
  const [, first, count] = /\.(\d{1,9})-(\d{1,9})$/.exec(key) ?? [];
  if (first === undefined || count === undefined || Number(count) < 1 || Number(count) > mostTasks)
    throw new ArchitechError("bad-message", `"${key.slice(0, 80)}" is not the key of results`);
  return { first: Number(first), count: Number(count) };
}
