import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFinal, isRunId, parseRunInfo, type RunInfo } from "@architech/protocol";
import { BegunTasks } from "./begun-tasks.js";
import { isAlive, type ProcessMark } from "./process-mark.js";
import { type OpenFile, RunLog } from "./run-log.js";
import { storageError } from "./storage-error.js";
import { localUser } from "./user-turns.js";

/** What is kept of a run beside its stream, and the process that works on it. */
export interface RunRecord extends ProcessMark {
  readonly info: RunInfo;
  /** See `cacheKey`; absent when the rows must not be used again. */
  readonly key?: string;
  /** Whose it is, where that was said. */
  readonly user?: string;
  /** How often another process has gone on with it, how many of its tasks were over then, and when one was kept last. */
  readonly resumed?: { readonly times: number; readonly tasks: number; readonly kept: number };
}

/** Whose a run is; one that was kept before anybody asked is that of the one user there was. */
export function ownerOf({ user = localUser }: RunRecord): string {
  return user;
}

/** What a folder holds: runs that are over, and those whose process has ended before them. Oldest first. */
interface StoredRuns {
  readonly over: readonly RunRecord[];
  readonly left: readonly RunRecord[];
}

/** Runs on disk: a folder for each, with its request, its state and its stream. */
export class RunStore {
  readonly folder: string;
  readonly #openFile: OpenFile | undefined;

  constructor(folder: string, openFile?: OpenFile) {
    this.folder = folder;
    this.#openFile = openFile;
  }

  /** Every run in the folder, but for those that another process works on. */
  async load(): Promise<StoredRuns> {
    await mkdir(this.folder, { recursive: true }).catch(storageFailed(`cannot make the folder ${this.folder}`));
    const over: RunRecord[] = [];
    const left: RunRecord[] = [];
    for (const id of await readdir(this.folder)) {
      if (!isRunId(id)) continue;
      const record = await this.#read(id);
      if (isFinal(record.info.state)) over.push(record);
      else if (record.pid === process.pid || !isAlive(record)) left.push(record);
    }
    const byAge = (a: RunRecord, b: RunRecord): number => a.info.created - b.info.created;
    return { over: over.sort(byAge), left: left.sort(byAge) };
  }

  /** Makes a run's folder and empty stream. */
  async create(record: RunRecord, request: unknown): Promise<RunLog> {
    const { id } = record.info;
    await mkdir(this.#path(id), { recursive: true }).catch(storageFailed(`cannot make the folder of run ${id}`));
    await writeFile(this.#path(id, "request.json"), JSON.stringify(request)).catch(
      storageFailed(`cannot write run ${id}`),
    );
    await this.save(record);
    return RunLog.create(this.#path(id, "stream.bin"), this.#openFile);
  }

  /** Makes a run whose stream is that of another: one more name of the same file, so either may be deleted. */
  async share(record: RunRecord, request: unknown, from: string): Promise<void> {
    const { id } = record.info;
    await mkdir(this.#path(id), { recursive: true });
    await link(this.#path(from, "stream.bin"), this.#path(id, "stream.bin"));
    await writeFile(this.#path(id, "request.json"), JSON.stringify(request));
    await this.save(record);
  }

  /** Writes a run's state, whole or not at all. */
  async save(record: RunRecord): Promise<void> {
    const path = this.#path(record.info.id, "state.json");
    await writeFile(`${path}.new`, JSON.stringify(record)).catch(
      storageFailed(`cannot write the state of run ${record.info.id}`),
    );
    await rename(`${path}.new`, path).catch(storageFailed(`cannot write the state of run ${record.info.id}`));
  }

  /** The stream of a run that is over. */
  async open(id: string): Promise<RunLog> {
    return RunLog.open(this.#path(id, "stream.bin"));
  }

  /** The stream of a run that its process has left, without what is not whole. */
  async reopen(id: string): Promise<RunLog> {
    const path = this.#path(id, "stream.bin");
    return RunLog.open(path, { repair: true, ...(this.#openFile === undefined ? {} : { openFile: this.#openFile }) });
  }

  /** Where tasks of a new run are kept on the way. */
  begunTasks(id: string, everyMs: number): BegunTasks {
    return new BegunTasks(this.#path(id, "begun"), everyMs);
  }

  /** The tasks of a run that its process has left on their way. */
  leftTasks(id: string, everyMs: number): Promise<BegunTasks> {
    return BegunTasks.found(this.#path(id, "begun"), everyMs);
  }

  /** The request that a run was started with. */
  async request(id: string): Promise<unknown> {
    return JSON.parse(await readFile(this.#path(id, "request.json"), "utf8")) as unknown;
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { recursive: true, force: true }).catch(storageFailed(`cannot delete run ${id}`));
  }

  async #read(id: string): Promise<RunRecord> {
    try {
      const value = JSON.parse(await readFile(this.#path(id, "state.json"), "utf8")) as {
        info: unknown;
        key?: unknown;
        pid?: unknown;
        birth?: unknown;
        user?: unknown;
        resumed?: { times?: unknown; tasks?: unknown; kept?: unknown };
      };
      const { resumed } = value;
      return {
        info: parseRunInfo(value.info),
        ...(typeof value.key === "string" ? { key: value.key } : {}),
        pid: Number(value.pid),
        ...(typeof value.birth === "string" ? { birth: value.birth } : {}),
        ...(typeof value.user === "string" ? { user: value.user } : {}),
        ...(resumed === undefined ? {} : { resumed: resumedOf(resumed) }),
      };
    } catch {
      // A crash or a full disk before the state was first written: what there is of the stream may still be read.
      const created = await stat(this.#path(id)).then(
        ({ birthtimeMs }) => birthtimeMs,
        () => 0,
      );
      return {
        info: { id, kind: "run", state: "running", cached: false, created, frames: 0, bytes: 0, done: 0, total: 0 },
        pid: 0,
      };
    }
  }

  /** Ends a run that nobody can go on with as `run-interrupted`; what is whole of its stream is kept. */
  async interrupt(record: RunRecord, why: string): Promise<RunRecord> {
    const log = await this.reopen(record.info.id).catch(() => undefined);
    const error = {
      code: "run-interrupted",
      message: `the process that worked on this run has ended, and ${why}; its rows up to there are kept`,
    };
    const info: RunInfo = {
      ...record.info,
      state: "failed",
      error,
      frames: log?.frames ?? 0,
      bytes: log?.bytes ?? 0,
      ended: Date.now(),
    };
    await log?.close();
    const { key: _, ...rest } = { ...record, info };
    await this.save(rest).catch(() => {});
    return rest;
  }

  #path(id: string, file = ""): string {
    return join(this.folder, id, file);
  }
}

function resumedOf(value: {
  readonly times?: unknown;
  readonly tasks?: unknown;
  readonly kept?: unknown;
}): NonNullable<RunRecord["resumed"]> {
  return { times: Number(value.times), tasks: Number(value.tasks), kept: Number(value.kept ?? 0) };
}

function storageFailed(what: string): (cause: Error) => never {
  return (cause) => {
    throw storageError(what, cause);
  };
}
