import { parseDuration } from "../units/duration.js";
import type { DatabaseDocument, ReplicasDocument, ShardsDocument } from "./database-document.js";
import { cost, noCores } from "./format-cost.js";
import { line } from "./format-line.js";
import { time } from "./format-time.js";
import { mostShards, slotCount } from "./resharding.js";
import { type Fail, limits, type ObjectShape, type Shape } from "./shape.js";
import { count, duration, flag, object, only, optional, required } from "./shape-parts.js";

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

const reshard = object("a resharding", {
  to: required(upTo(limits.shards), "Shards afterwards."),
  at: required(duration, "When it begins."),
  slots: optional(
    upTo(limits.slots),
    "Equal parts of the hash, or of the keys, that move: a multiple of count. Default: count × to.",
  ),
  copy: required(
    time,
    "How long the copying of a slot takes a connection of the shard that it leaves, and one of the shard that it comes to.",
  ),
  block: optional(duration, "How long writes of a slot are held up before it is handed over. Default 0."),
  writes: optional(only("hang", "refuse"), "What happens to them: they wait (the default) or fail at once."),
  pause: optional(duration, "Time from the end of one move to the next. Default 0."),
});

const shards = object(
  "shards",
  {
    count: required(upTo(limits.shards)),
    by: optional(only("hash", "range"), "How keys are spread: by a hash of the key (the default), or in equal ranges."),
    reshard: optional(reshard, "Moves keys to more, or to fewer, shards while it runs. Default: they stay."),
  },
  fittingShards,
);

function fittingShards(value: ShardsDocument, fail: Fail): void {
  const { count, reshard } = value;
  if (reshard === undefined) return;
  const { to, copy, block, writes } = reshard;
  if (to === count) fail("reshard", `goes to ${to} shards, as many as there are: nothing would move`);
  const slots = slotCount(value);
  if (slots > limits.slots) fail("reshard", `comes to ${count} × ${to} slots, more than ${limits.slots}: give slots`);
  if (slots % count !== 0) fail("reshard", `has ${slots} slots, which ${count} shards cannot share evenly`);
  if (slots < to) fail("reshard", `has ${slots} slots for ${to} shards: some would have none`);
  const constant = typeof copy === "string" ? copy : copy.dist === "constant" ? copy.value : undefined;
  if (constant !== undefined && parseDuration(constant) === 0)
    fail("reshard", `copies a slot in ${constant}: more than 0 is needed`);
  if (writes !== undefined && parseDuration(block ?? "0ms") === 0)
    fail("reshard", "says what happens to writes, but without a block nothing does");
}

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
  if (quorum !== undefined && shards?.reshard !== undefined)
    fail("shards", "reshard beside a quorum: what moves needs a primary");
  const copies = quorum?.copies ?? (replicas?.count ?? 0) + 1;
  const stations = copies * mostShards(shards);
  if (stations > limits.stations) fail("shards", `come to ${stations} copies in all, more than ${limits.stations}`);
}
