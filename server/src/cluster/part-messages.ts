import {
  ArchitechError,
  type Fields,
  field,
  integerField,
  isRunId,
  optionalField,
  record,
  requestSizes,
  textField,
} from "@architech/protocol";
import { MessageFormat } from "../bus/message-format.js";

/** A worker looks for others who take parts of a task. */
export interface PartOffer {
  /** Of those who work on it together, this time. */
  readonly session: string;
  /** Who offers. */
  readonly worker: string;
  readonly run: string;
  /** The object that the run's request is in. */
  readonly request: string;
  /** See `RunRecord.version`. */
  readonly version: string;
  /** Number of the task. */
  readonly task: number;
}

/** What a worker answers: that it would, that its part is there, or why it will not be. */
export interface PartJoining {
  readonly session: string;
  readonly worker: string;
  readonly state: "willing" | "ready" | "unable";
  readonly why?: string;
}

/** Which worker has which part: those of all but the first, in their order. */
export interface PartBeginning {
  readonly session: string;
  readonly workers: readonly string[];
  /** Whether each goes on from what lies ready for it; see `partObject`. */
  readonly goesOn: boolean;
  /** The cut, see `packLarge`. */
  readonly bytes: Uint8Array;
}

/** What one part says to the others. */
export interface PartWord {
  readonly session: string;
  readonly from: number;
  /** From 1, of what must come in its order: windows, commands and answers; 0 of all else. */
  readonly seq: number;
  /** The last of those that it has said. */
  readonly last: number;
  /** The last that it has heard of each part. */
  readonly got: readonly number[];
  readonly type: PartWordType;
  /** Whom a command is for, or whose words are to be said once more. */
  readonly to: number;
  /** See `packLarge`. */
  readonly bytes: Uint8Array;
}

const types = ["window", "command", "answer", "alive", "again", "end"] as const;
export type PartWordType = (typeof types)[number];

export const partOffers: MessageFormat<PartOffer> = new MessageFormat("part-offer", 1, {
  1: (body) => {
    const from = record(body, "an offer of parts");
    const run = textField(from, "run");
    if (!isRunId(run)) throw bad("an offer of parts is of a run, and its id is not that of one");
    return {
      session: sessionField(from),
      worker: textField(from, "worker"),
      run,
      request: textField(from, "request"),
      version: textField(from, "version"),
      task: integerField(from, "task"),
    };
  },
});

export const partJoinings: MessageFormat<PartJoining> = new MessageFormat("part-joining", 1, {
  1: (body) => {
    const from = record(body, "an answer to an offer of parts");
    const state = textField(from, "state");
    if (state !== "willing" && state !== "ready" && state !== "unable")
      throw bad(`a worker is willing, ready or unable, not "${state.slice(0, 40)}"`);
    const why = optionalField(from, "why", textField);
    return {
      session: sessionField(from),
      worker: textField(from, "worker"),
      state,
      ...(why === undefined ? {} : { why }),
    };
  },
});

export const partBeginnings: MessageFormat<Omit<PartBeginning, "bytes">> = new MessageFormat("part-beginning", 1, {
  1: (body) => {
    const from = record(body, "the beginning of parts");
    const workers = field(from, "workers");
    if (!Array.isArray(workers) || workers.length >= requestSizes.maxParts || !workers.every(isText))
      throw bad("parts begin with the names of their workers");
    return { session: sessionField(from), workers, goesOn: field(from, "goesOn") === true };
  },
});

export const partWords: MessageFormat<Omit<PartWord, "bytes">> = new MessageFormat("part-word", 1, {
  1: (body) => {
    const from = record(body, "the word of a part");
    const type = types.find((known) => known === field(from, "type"));
    if (type === undefined) throw bad(`a part says ${types.join(", ")}`);
    const got = field(from, "got");
    if (!Array.isArray(got) || got.length > requestSizes.maxParts || !got.every(isCount))
      throw bad("a part says how much it has heard of each");
    const seq = integerField(from, "seq");
    const last = integerField(from, "last");
    if (seq > last) throw bad(`word ${seq} of a part cannot come after its last, ${last}`);
    if (seq > 0 === (type === "alive" || type === "again" || type === "end"))
      throw bad(`"${type}" cannot be word ${seq} of a part`);
    return {
      session: sessionField(from),
      from: integerField(from, "from"),
      seq,
      last,
      got,
      type,
      to: integerField(from, "to"),
    };
  },
});

function sessionField(from: Fields): string {
  const session = textField(from, "session");
  if (!/^[0-9a-f-]{36}$/.test(session)) throw bad("parts that work together have a UUID");
  return session;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function bad(message: string): ArchitechError {
  return new ArchitechError("bad-message", message);
}
