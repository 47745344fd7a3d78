import { packMessage } from "@architech/protocol";
import { runRecords } from "#src/cluster/run-record.js";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const good = runRecords.pack({});

/** What nobody of ours has written. */
export const garbage: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  zeros: new Uint8Array(64),
  ones: new Uint8Array(64).fill(0xff),
  json: text('{"kind":"run-record","version":1}'),
  truncated: good.subarray(0, good.byteLength - 2),
  "of another kind": packMessage({ kind: "letter", version: 1, body: {} }),
  "without a body": packMessage({ kind: "run-record", version: 1 }),
  "of a version to come": packMessage({ kind: "run-record", version: 99, body: {} }),
  "very large": new Uint8Array(900_000).fill(0x81),
  "an object that is not there": Uint8Array.of(1, ...text("no-such-object")),
  "a path": Uint8Array.of(1, ...text("../../etc/passwd")),
};
