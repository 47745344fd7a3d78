import { cost, noCores } from "./format-cost.js";
import { keys } from "./format-keys.js";
import { time } from "./format-time.js";
import type { JobDocument } from "./job-document.js";
import type { LogDocument, QueueDocument, TopicDocument } from "./messaging-document.js";
import { type Fail, type Field, limits, type ObjectShape, type Shape } from "./shape.js";
import { count, duration, flag, object, only, optional, positiveDuration, reference, required } from "./shape-parts.js";

/** Bounds of what one instruction of the engine starts, and of what is kept for each partition. */
const batchMax: Shape = { shape: "number", min: 1, max: 100_000, whole: true };
const partitions: Shape = { shape: "number", min: 1, max: 10_000, whole: true };

/** The settings by which a worker takes several messages at once, and shares a log with others. */
export const takingFields: Readonly<Record<"group" | "batch" | "rebalance", Field>> = {
  group: optional(reference, "Of a log: workers of one group share its messages. Default: a group of its own."),
  batch: optional(
    object("a batch", {
      max: required(batchMax, "Messages that are taken as one piece of work, at most."),
      wait: optional(duration, "How long the first waits for others at most. Default 0."),
      each: optional(time, "What each message takes, beside the work. Default 0."),
    }),
    "Takes several messages as one piece of work.",
  ),
  rebalance: optional(
    duration,
    "Of a log: how long the group takes nothing when a worker of it goes down or comes back. Default 0.",
  ),
};

/** The shapes of what keeps messages and hands them on, and of jobs; `steps` is the shape of a list of steps. */
export function messagingShapes(
  steps: Shape,
): Readonly<Record<(QueueDocument | LogDocument | TopicDocument | JobDocument)["kind"], ObjectShape>> {
  return {
    queue: object(
      "a queue",
      {
        kind: required(only("queue")),
        capacity: optional(count, "Messages that wait at most; a put into a full queue fails. Default: no limit."),
        visibility: optional(
          positiveDuration,
          "Time for the work on a message, after which it can be taken again. Default: what is taken is gone.",
        ),
        backoff: optional(
          duration,
          "Time after a failure until the message can be taken again. Default: when its visibility is over.",
        ),
        maxReceives: optional(count, "How often a message is delivered at most. Default: until it is done."),
        deadLetter: optional(reference, "The queue where messages go then. Default: they are dropped."),
        delay: optional(duration, "Time between a put and the moment from which the message can be taken. Default 0."),
        cost,
      },
      fittingQueue,
    ),
    log: object(
      "a log",
      {
        kind: required(only("log")),
        partitions: required(partitions),
        retention: optional(
          positiveDuration,
          "Messages that a group has not taken for so long are lost to it. Default: none are.",
        ),
        cost,
      },
      noCores,
    ),
    topic: object(
      "a topic",
      {
        kind: required(only("topic")),
        to: required(
          { shape: "list", of: () => reference, what: "queues and logs", least: 1, most: limits.classes },
          "Queues and logs, each of which gets every message.",
        ),
        cost,
      },
      noCores,
    ),
    job: object(
      "a job",
      {
        kind: required(only("job")),
        every: required(positiveDuration),
        offset: optional(duration, "When the first starts. Default 0."),
        jitter: optional(duration, "Each starts later by a time drawn evenly from 0 to this. Default 0."),
        overlap: optional(flag, "Whether one starts while the one before is under way. Default true."),
        keys: optional(keys, "Which key a start is for. Default: none."),
        steps: required(steps),
        cost,
      },
      noCores,
    ),
  };
}

function fittingQueue(value: Omit<QueueDocument, "kind">, fail: Fail): void {
  const { visibility, backoff, maxReceives, deadLetter } = value;
  noCores(value, fail);
  const needs = "is given, but without a visibility no message is delivered twice: set visibility too";
  if (backoff !== undefined && visibility === undefined) fail("backoff", needs);
  if (maxReceives !== undefined && visibility === undefined) fail("maxReceives", needs);
  if (deadLetter !== undefined && maxReceives === undefined)
    fail("deadLetter", "is given, but messages are delivered until they are done: set maxReceives too");
}
