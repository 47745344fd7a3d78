import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ArchitechError,
  joinParts,
  joinWithHead,
  splitParts,
  splitWithHead,
  type TableName,
} from "@architech/protocol";

/** Rows that a task has given. */
export interface TaskBatch {
  readonly table: TableName;
  readonly bytes: Uint8Array;
}

/** A task that has begun: how far it is, and what it gave before. */
export interface BegunTask {
  readonly batches: readonly TaskBatch[];
  readonly checkpoint: Uint8Array;
}

/** Raised when a file is written in another way. */
const version = 1;

/**
 * Tasks of one run that have taken long, each in a file of its own: a process that goes on with the run goes on with
 * them. A file that cannot be written or read costs time and nothing else, so nothing here rejects.
 */
export class BegunTasks {
  /** Wall time between two checkpoints of a task, ms. */
  readonly everyMs: number;
  /** When the newest of what was found was written, ms since 1970; 0 when there was none. */
  newest = 0;
  readonly #folder: string;
  readonly #found = new Map<number, BegunTask>();
  /** What is being written or removed, by task. */
  readonly #busy = new Map<number, Promise<void>>();

  constructor(folder: string, everyMs: number) {
    this.#folder = folder;
    this.everyMs = everyMs;
  }

  /** With what another process has kept there. */
  static async found(folder: string, everyMs: number): Promise<BegunTasks> {
    const tasks = new BegunTasks(folder, everyMs);
    for (const name of await readdir(folder).catch(() => []))
      if (/^\d+$/.test(name)) await tasks.#read(Number(name)).catch(() => {});
    return tasks;
  }

  /** How far a task was when its process ended. */
  of(task: number): BegunTask | undefined {
    return this.#found.get(task);
  }

  /** A task is so far. */
  reached(task: number, begun: BegunTask): void {
    this.#next(task, async () => {
      const path = this.#path(task);
      await mkdir(this.#folder, { recursive: true });
      await writeFile(`${path}.new`, pack(begun));
      await rename(`${path}.new`, path);
    });
  }

  /** A task has ended. One that never came to a checkpoint costs nothing. */
  ended(task: number): void {
    if (this.#busy.has(task) || this.#found.delete(task)) this.#next(task, () => rm(this.#path(task), { force: true }));
  }

  /** Resolves when all of it is written. */
  async idle(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  /** The run is over: nothing of it is kept any more. */
  async clear(): Promise<void> {
    await this.idle();
    if (this.#busy.size > 0 || this.#found.size > 0)
      await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }

  #next(task: number, work: () => Promise<void>): void {
    this.#busy.set(
      task,
      (this.#busy.get(task) ?? Promise.resolve()).then(work).catch(() => {}),
    );
  }

  async #read(task: number): Promise<void> {
    const path = this.#path(task);
    const { mtimeMs } = await stat(path);
    this.#found.set(task, unpack(await readFile(path)));
    this.newest = Math.max(this.newest, mtimeMs);
  }

  #path(task: number): string {
    return join(this.#folder, String(task));
  }
}

function pack({ batches, checkpoint }: BegunTask): Uint8Array {
  const head = { version, tables: batches.map(({ table }) => table) };
  const body = joinWithHead(head, [...batches.map(({ bytes }) => bytes), checkpoint]);
  return joinParts([hashOf(body), body]);
}

/** Throws for what is not whole, or of another version. */
function unpack(bytes: Uint8Array): BegunTask {
  const [hash, body] = splitParts(bytes);
  if (hash === undefined || body === undefined || !hashOf(body).equals(hash))
    throw new ArchitechError("bad-message", "a task that has begun is not whole");
  const { head, parts } = splitWithHead(body);
  const { version: found, tables } = head as { version: number; tables: readonly TableName[] };
  if (found !== version) throw new ArchitechError("bad-message", `a task that has begun is of version ${found}`);
  return {
    batches: tables.map((table, i) => ({ table, bytes: parts[i]! })),
    checkpoint: parts[tables.length]!,
  };
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
