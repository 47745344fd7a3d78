import assert from "node:assert/strict";
import { ArchitechError, packMessage, unpackMessage } from "@architech/protocol";
import fc from "fast-check";
import { Packr } from "msgpackr";

const refused =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof ArchitechError && error.code === code;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("MessagePack from anyone", () => {
  it("what JSON can say comes back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        // MessagePack has no −0 as an integer; JSON has none either.
        const json = JSON.parse(JSON.stringify(value)) as unknown;
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        assert.deepEqual(unpackMessage(packMessage(json)), json);
      }),
    );
  });

  it("any bytes at all are decoded or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          unpackMessage(noise);
        } catch (error) {
          assert.ok(refused("bad-message")(error));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it("every truncation of a message is refused", () => {
    const whole = packMessage({ type: "ack", list: [1, 2.5, "text", null, true, { deep: "x".repeat(40) }] });
    for (let length = 0; length < whole.byteLength; length++)
      assert.throws(() => unpackMessage(whole.slice(0, length)), refused("bad-message"));
    assert.throws(() => unpackMessage(Buffer.concat([whole, bytes(0)])), refused("bad-message"));
  });

  it("extension types, binaries and records are refused", () => {
    const records = new Packr({ useRecords: true, moreTypes: true, structuredClone: true });
    for (const value of [
      new Date(0),
      new Set([1]),
      new Map([[1, 2]]),
      /x/,
      new Error("x"),
      new Uint8Array(3),
      { a: 1 },
    ])
      assert.throws(() => unpackMessage(records.pack(value)), refused("bad-message"));
    for (const token of [0xc1, 0xc4, 0xc7, 0xd4, 0xd8])
      assert.throws(() => unpackMessage(bytes(token, 1, 1, 1)), refused("bad-message"));
  });

  it("lengths that promise more than there is cost nothing", () => {
    assert.throws(() => unpackMessage(bytes(0xdd, 0xff, 0xff, 0xff, 0xff)), refused("bad-message"));
    assert.throws(() => unpackMessage(bytes(0xdf, 0xff, 0xff, 0xff, 0xff)), refused("bad-message"));
    assert.throws(() => unpackMessage(bytes(0xdb, 0xff, 0xff, 0xff, 0xff)), refused("bad-message"));
  });

  it("depth, number of values and size have limits", () => {
    assert.throws(() => unpackMessage(new Uint8Array(10_000).fill(0x91)), refused("bad-message"));
    assert.throws(() => unpackMessage(packMessage(Array(2_000).fill(0)), { maxValues: 1_000 }), refused("bad-message"));
    assert.throws(
      () => unpackMessage(packMessage("x".repeat(2_000)), { maxBytes: 1_000 }),
      refused("message-too-large"),
    );
  });

  it("keys are text, and never __proto__, however its length is written", () => {
    assert.throws(() => unpackMessage(bytes(0x81, 0x01, 0x01)), refused("bad-message"));
    const proto = [...Buffer.from("__proto__")];
    for (const head of [[0xa9], [0xd9, 9], [0xda, 0, 9], [0xdb, 0, 0, 0, 9]])
      assert.throws(() => unpackMessage(bytes(0x81, ...head, ...proto, 0x80)), refused("bad-message"));
  });
});
