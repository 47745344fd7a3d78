import { createHash } from "node:crypto";
import { access, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { Turns } from "../../contents/files/turns.js";
import type { LogInfo, Logs } from "../bus.js";
import { endConflict, frameConflict } from "../log-conflict.js";
import { checkName, checkNumber, checkSize } from "../names.js";
import { Wakeup, waitFor } from "../wakeup.js";
import { LogFile, type OpenFile } from "./log-file.js";
import { storageFailed } from "./store.js";

const openFiles = 64;

/** A log that is open: its file, and who waits for more of it. */
interface OpenLog {
  readonly file: LogFile;
  readonly wakeup: Wakeup;
  users: number;
  deleted: boolean;
}

/** A file for each log, called by the hash of its name. Acts on one log take turns, so that one reader's file is the writer's. */
export class LocalLogs implements Logs {
  readonly #folder: string;
  readonly #closing: AbortSignal;
  readonly #openFile: OpenFile | undefined;
  readonly #turns = new Turns();
  /** Least recently used first. */
  readonly #open = new Map<string, OpenLog>();
  /** Who waits for a log that has not begun. */
  readonly #begun = new Wakeup();
  readonly #ready: Promise<unknown>;

  constructor(folder: string, closing: AbortSignal, openFile?: OpenFile) {
    this.#folder = folder;
    this.#closing = closing;
    this.#openFile = openFile;
    this.#ready = mkdir(folder, { recursive: true }).catch(storageFailed(`cannot make the folder ${folder}`));
    this.#ready.catch(() => {});
  }

  async append(log: string, seq: number, bytes: Uint8Array): Promise<void> {
    this.#check(log);
    checkNumber("the number of a frame", seq, 0);
    checkSize(`frame ${seq} of ${log}`, bytes);
    await this.#withLog(log, async ({ file, wakeup }) => {
      if (seq < file.frames) {
        const [known] = await file.read(seq);
        if (known === undefined || Buffer.compare(known, bytes) !== 0) throw frameConflict(log, seq, file);
        return;
      }
      if (seq > file.frames || file.ended) throw frameConflict(log, seq, file);
      await file.append(bytes);
      wakeup.wake();
      if (seq === 0) this.#begun.wake();
    });
  }

  async end(log: string, frames: number, summary: Uint8Array): Promise<void> {
    this.#check(log);
    checkNumber("the number of frames", frames, 0);
    checkSize(`the summary of ${log}`, summary);
    await this.#withLog(log, async ({ file, wakeup }) => {
      if (file.frames !== frames) throw endConflict(log, frames, file);
      if (file.summary === undefined) await file.end(summary);
      else if (Buffer.compare(file.summary, summary) !== 0) throw endConflict(log, frames, file);
      wakeup.wake();
      this.#begun.wake();
    });
  }

  async *read(log: string, from = 0, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    this.#check(log);
    checkNumber("the number of a frame", from, 0);
    const isOver = (): boolean => signal?.aborted === true || this.#closing.aborted;
    for (;;) {
      const begun = this.#begun.next;
      if (isOver()) return;
      if (await this.#exists(log)) break;
      await waitFor(begun, signal);
    }
    const open = await this.#turns.take(log, () => this.#use(log));
    try {
      let next = from;
      while (!isOver()) {
        const woken = open.wakeup.next;
        if (open.deleted) throw new ArchitechError("log-deleted", `log ${log} was deleted while it was read`);
        if (next < open.file.frames) {
          for (const frame of await open.file.read(next)) {
            if (isOver()) return;
            next++;
            yield frame;
          }
        } else if (open.file.ended) return;
        else await waitFor(woken, signal);
      }
    } finally {
      await this.#turns.take(log, () => this.#leave(open));
    }
  }

  async info(log: string): Promise<LogInfo> {
    this.#check(log);
    if (!(await this.#exists(log))) return { frames: 0, ended: false, summary: undefined };
    return this.#withLog(log, async ({ file: { frames, ended, summary } }) => ({ frames, ended, summary }));
  }

  async delete(log: string): Promise<void> {
    this.#check(log);
    await this.#turns.take(log, async () => {
      await this.#ready;
      const open = this.#open.get(log);
      this.#open.delete(log);
      await rm(this.#path(log), { force: true }).catch(storageFailed(`cannot delete log ${log}`));
      if (open === undefined) return;
      open.deleted = true;
      open.wakeup.wake();
      if (open.users === 0) await open.file.close();
    });
  }

  /** Ends what waits, and closes every file when what was under way has ended. */
  async close(): Promise<void> {
    this.#begun.wake();
    for (const { wakeup } of this.#open.values()) wakeup.wake();
    for (const log of [...this.#open.keys()])
      await this.#turns.take(log, async () => {
        const open = this.#open.get(log);
        this.#open.delete(log);
        if (open !== undefined && open.users === 0) await open.file.close();
      });
  }

  async #withLog<T>(log: string, act: (open: OpenLog) => Promise<T>): Promise<T> {
    return this.#turns.take(log, async () => {
      this.#check(log);
      const open = await this.#use(log);
      try {
        return await act(open);
      } finally {
        await this.#leave(open);
      }
    });
  }

  /** The open log, opened or made where it must be; within its turn. */
  async #use(log: string): Promise<OpenLog> {
    await this.#ready;
    let open = this.#open.get(log);
    if (open === undefined)
      open = {
        file: await LogFile.open(this.#path(log), this.#openFile),
        wakeup: new Wakeup(),
        users: 0,
        deleted: false,
      };
    open.users++;
    this.#open.delete(log);
    this.#open.set(log, open);
    return open;
  }

  async #leave(open: OpenLog): Promise<void> {
    open.users--;
    const kept = [...this.#open.values()].includes(open);
    if (!kept) {
      if (open.users === 0) await open.file.close();
      return;
    }
    for (const [log, other] of this.#open) {
      if (this.#open.size <= openFiles) return;
      if (other.users > 0) continue;
      this.#open.delete(log);
      await other.file.close();
    }
  }

  async #exists(log: string): Promise<boolean> {
    await this.#ready;
    if (this.#open.has(log)) return true;
    return access(this.#path(log)).then(
      () => true,
      () => false,
    );
  }

  #check(log: string): void {
    checkName("a log", log);
    if (this.#closing.aborted) throw new ArchitechError("bus-closed", "the bus is closed");
  }

  #path(log: string): string {
    return join(this.#folder, `${createHash("sha256").update(log).digest("hex")}.log`);
  }
}
