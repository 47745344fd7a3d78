import type { Priced } from "./cost.js";
import { define } from "./definition.js";
import type { Queue } from "./node.js";
import { makeStep, type Step, type Steps } from "./step.js";
import type { CheckedDuration, TimeLike } from "./time.js";
import type { KeysDocument } from "./traffic-document.js";

/** Partitions, in each of which messages keep their order; every group of workers gets every message. */
export interface Log {
  readonly kind: "log";
  /** Puts a message behind the others of its partition and goes on: of the hash of its request's key, or by turns. */
  append(): Step;
}

/** A message for each of several queues and logs. */
export interface Topic {
  readonly kind: "topic";
  /** Puts a message into each of them and goes on; one that is full goes without. */
  put(): Step;
}

/** Steps that start at regular times. */
export interface Job {
  readonly kind: "job";
}

export interface LogSettings<R> extends Priced {
  /** How many there are: one message of each is under way at a time, in each group. */
  readonly partitions: number;
  /** Messages that a group has not taken for so long are lost to it. Default: none are. */
  readonly retention?: CheckedDuration<R>;
}

/** A partitioned log: `log({ partitions: 12 })`. */
export function log<R extends TimeLike = TimeLike>(settings: LogSettings<R>): Log {
  const self: Log = { kind: "log", append: () => makeStep({ do: "publish", to: self }) };
  return define(self, settings);
}

export interface TopicSettings extends Priced {
  readonly to: readonly (Queue | Log)[];
}

/** A topic: `topic({ to: [emails, audit] })`. */
export function topic(settings: TopicSettings): Topic {
  const self: Topic = { kind: "topic", put: () => makeStep({ do: "publish", to: self }) };
  return define(self, { ...settings, ...(Array.isArray(settings.to) ? { to: Object.freeze([...settings.to]) } : {}) });
}

export interface JobSettings<E, O, J> extends Priced {
  /** Time from one start to the next. */
  readonly every: CheckedDuration<E>;
  /** When the first starts. Default "0ms". */
  readonly offset?: CheckedDuration<O>;
  /** Each starts later by a time drawn evenly from 0 to this. Default "0ms". */
  readonly jitter?: CheckedDuration<J>;
  /** Whether one starts while the one before is under way; else it is left out, and counted as rejected. Default true. */
  readonly overlap?: boolean;
  /** Which key a start is for: `{ count: 10_000, skew: 0.9 }`. Default: none. */
  readonly keys?: KeysDocument;
  readonly steps: Steps;
}

/** A job, as cron starts it: `job({ every: "1h", offset: "5min", steps: [report.call("write")] })`. */
export function job<E extends TimeLike, O extends TimeLike = TimeLike, J extends TimeLike = TimeLike>(
  settings: JobSettings<E, O, J>,
): Job {
  return define({ kind: "job" }, settings);
}
