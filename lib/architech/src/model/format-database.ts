import type { DatabaseDocument, ReplicasDocument } from "./database-document.js";
import { cost, noCores } from "./format-cost.js";
import { line } from "./format-line.js";
import { time } from "./format-time.js";
import { type Fail, limits, type ObjectShape, type Shape } from "./shape.js";
import { count, flag, object, only, optional, required } from "./shape-parts.js";

const upTo = (max: number, min = 1): Shape => ({ shape: "number", min, max, whole: true });

const replicas = object(
  "replicas",
  {
    count: required(upTo(limits.copies - 1), "Copies beside the primary."),
    reads: optional(
      only("primary", "replica", "any"),
      "Who reads: the primary (the default), the replicas in turn, or all in turn.",
    ),
    lag: optional(time, "How long after the primary a replica has a write. Default: at once."),
    sync: optional(
      upTo(limits.copies - 1, 0),
      "How many replicas must have a write before it ends. Default 0: asynchronous.",
    ),
    readYourWrites: optional(
      flag,
      "Whether a read goes to the primary where its replica lacks the last write of the key. Default false.",
    ),
  },
  fittingReplicas,
);

function fittingReplicas(
  { count, reads = "primary", lag, sync = 0, readYourWrites }: ReplicasDocument,
  fail: Fail,
): void {
  if (sync > count) fail("sync", `is ${sync}, but there ${count === 1 ? "is 1 replica" : `are ${count} replicas`}`);
  if (sync > 0 && lag === undefined) fail("sync", "is given, but without a lag replicas have every write at once");
  if (readYourWrites === true && reads === "primary")
    fail("readYourWrites", 'is given, but the primary reads: set reads to "replica" or "any"');
}

const quorum = object(
  "a quorum",
  {
    copies: required(upTo(limits.copies)),
    read: required(upTo(limits.copies), "Answers that a read needs."),
    write: required(upTo(limits.copies), "Answers that a write needs."),
  },
  ({ copies, read, write }: { copies: number; read: number; write: number }, fail) => {
    if (read > copies) fail("read", `is ${read}, more than the ${copies} copies that can answer`);
    if (write > copies) fail("write", `is ${write}, more than the ${copies} copies that can answer`);
  },
);

const shards = object("shards", {
  count: required(upTo(limits.shards)),
  by: optional(only("hash", "range"), "How keys are spread: by a hash of the key (the default), or in equal ranges."),
});

export const databaseShape: ObjectShape = object(
  "a database",
  {
    kind: required(only("database")),
    connections: required(count, "Queries worked on at once, by each copy of each shard."),
    read: required(time),
    write: required(time),
    queue: optional(line, "How queries wait for a connection."),
    replicas: optional(replicas, "Copies that follow a primary."),
    quorum: optional(quorum, "Copies without a primary: every query goes to all and ends with so many answers."),
    shards: optional(shards, "Parts of the keys, each with connections and copies of its own."),
    cost,
  },
  fittingDatabase,
);

function fittingDatabase(value: Omit<DatabaseDocument, "kind">, fail: Fail): void {
  const { replicas, quorum, shards } = value;
  noCores(value, fail);
  if (replicas !== undefined && quorum !== undefined)
    fail("quorum", "is given beside replicas: copies either follow a primary or have none");
  const copies = quorum?.copies ?? (replicas?.count ?? 0) + 1;
  const stations = copies * (shards?.count ?? 1);
  if (stations > limits.stations) fail("shards", `come to ${stations} copies in all, more than ${limits.stations}`);
}
