import assert from "node:assert/strict";
import {
  ArchitechError,
  type ClientMessage,
  decodeClientMessage,
  decodeServerMessage,
  encodeControl,
  packMessage,
  type ServerMessage,
} from "@architech/protocol";
import fc from "fast-check";

const refused = (error: unknown): boolean =>
  error instanceof ArchitechError && ["bad-message", "message-too-large"].includes(error.code);
const control = (value: unknown): Uint8Array => Buffer.concat([Uint8Array.of(1), packMessage(value)]);

describe("control messages", () => {
  it("those of a server come back as they were sent", () => {
    const messages: ServerMessage[] = [
      { type: "opened", run: "r-12345678", state: "running", next: 7, tables: [0, 1] },
      { type: "progress", done: 1.5, total: 4, events: 100 },
      { type: "progress", done: 1.5, total: 4, leftMs: 12.5, events: 100 },
      { type: "thinned", from: 7, to: 12, intervals: 10 },
      { type: "end", state: "done" },
      { type: "end", state: "failed", error: { code: "storage-failed", message: "no space" } },
      { type: "error", code: "run-not-found", message: "there is no such run" },
    ];
    for (const message of messages) assert.deepEqual(decodeServerMessage(encodeControl(message)), message);
  });

  it("those of a reader come back as they were sent", () => {
    const messages: ClientMessage[] = [{ type: "ack", seq: 12 }, { type: "cancel" }];
    for (const message of messages) assert.deepEqual(decodeClientMessage(encodeControl(message)), message);
  });

  it("another kind, a wrong field, a missing field and an unknown type are refused", () => {
    for (const value of [
      7,
      null,
      [],
      {},
      { type: 3 },
      { type: "ack" },
      { type: "ack", seq: -1 },
      { type: "ack", seq: 1.5 },
      { type: "ack", seq: "1" },
      { type: "shutdown" },
    ])
      assert.throws(() => decodeClientMessage(control(value)), refused);
    for (const value of [
      { type: "opened", run: 1 },
      { type: "opened", run: "x", state: "odd", next: 0, tables: [] },
      { type: "end", state: "over" },
      { type: "progress" },
      { type: "thinned", from: 7, to: 12 },
      { type: "thinned", from: 7, to: -1, intervals: 10 },
      { type: "opened", run: "x", state: "done", next: 0, tables: ["0"] },
    ])
      assert.throws(() => decodeServerMessage(control(value)), refused);
    assert.throws(() => decodeClientMessage(Uint8Array.of(2, 0xc0)), refused);
    assert.throws(() => decodeClientMessage(new Uint8Array()), refused);
  });

  it("any bytes at all are decoded or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        for (const decode of [decodeClientMessage, decodeServerMessage])
          try {
            decode(Buffer.concat([Uint8Array.of(1), noise]));
          } catch (error) {
            assert.ok(refused(error));
          }
      }),
      { numRuns: 2_000 },
    );
  });
});
