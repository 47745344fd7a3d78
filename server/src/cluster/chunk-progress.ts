import { ArchitechError, field, integerField, joinWithHead, record, splitWithHead } from "@architech/protocol";
import { outcomeHead, readOutcome, type TaskItem, type TaskOutcome } from "./chunk-result.js";

/** A task that has begun: how far it is, and what it gave before. */
export interface BegunTask {
  readonly items: readonly TaskItem[];
  readonly checkpoint: Uint8Array;
}

/** How far the tasks of a chunk are, by number: what another worker need not do again. */
export interface ChunkProgress {
  readonly done: ReadonlyMap<number, TaskOutcome>;
  readonly begun: ReadonlyMap<number, BegunTask>;
}

const version = 1;

/** Progress as bytes. */
export function packProgress({ done, begun }: ChunkProgress): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const head = {
    kind: "chunk-progress",
    version,
    done: [...done].map(([number, outcome]) => ({ number, ...outcomeHead(outcome, parts) })),
    begun: [...begun].map(([number, { items, checkpoint }]) => {
      const of = outcomeHead({ items }, parts);
      parts.push(checkpoint);
      return { number, ...of };
    }),
  };
  return joinWithHead(head, parts);
}

/** Reads progress. Throws `bad-message`, also for a version that is not known: there is no harm in beginning anew. */
export function unpackProgress(bytes: Uint8Array): ChunkProgress {
  const { head, parts } = splitWithHead(bytes);
  const from = record(head, "the progress of a chunk");
  if (field(from, "kind") !== "chunk-progress" || integerField(from, "version") !== version)
    throw new ArchitechError("bad-message", `this is not the progress of a chunk, of version ${version}`);
  const rows = parts[Symbol.iterator]();
  const each = (name: string): Readonly<Record<string, unknown>>[] => {
    const list = field(from, name);
    if (!Array.isArray(list)) throw new ArchitechError("bad-message", `"${name}" is a list`);
    return list.map((task) => record(task, "a task"));
  };
  const done = each("done").map((task) => [integerField(task, "number"), readOutcome(task, rows)] as const);
  const begun = each("begun").map((task) => {
    const { items } = readOutcome(task, rows);
    const { value: checkpoint } = rows.next() as { value?: Uint8Array };
    if (checkpoint === undefined) throw new ArchitechError("bad-message", "a task that has begun has no checkpoint");
    return [integerField(task, "number"), { items, checkpoint }] as const;
  });
  if (rows.next().done !== true) throw new ArchitechError("bad-message", "the progress of a chunk has rows of no task");
  return { done: new Map(done), begun: new Map(begun) };
}
