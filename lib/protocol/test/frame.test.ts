import assert from "node:assert/strict";
import {
  ArchitechError,
  encodeFrame,
  frameBody,
  frameFlags,
  isSchemaFrame,
  readFrameHeader,
} from "@architech/protocol";

describe("frames", () => {
  it("a header comes back as it was written", () => {
    const frame = encodeFrame({ table: 1, flags: frameFlags.schema, seq: 0xfedcba98 }, Uint8Array.of(9, 8, 7));
    assert.deepEqual([...frame], [2, 1, 1, 0, 0x98, 0xba, 0xdc, 0xfe, 9, 8, 7]);
    const header = readFrameHeader(frame);
    assert.deepEqual(header, { table: 1, flags: 1, seq: 0xfedcba98 });
    assert.ok(isSchemaFrame(header));
  });

  it("the body is aligned to eight bytes wherever the frame lies", () => {
    const frame = encodeFrame(
      { table: 0, flags: 0, seq: 3 },
      Uint8Array.from({ length: 16 }, (_, i) => i),
    );
    const shifted = new Uint8Array(frame.byteLength + 3);
    shifted.set(frame, 3);
    for (const place of [frame, shifted.subarray(3)]) {
      const body = frameBody(place);
      assert.equal(body.byteOffset % 8, 0);
      assert.deepEqual([...body], [...Array(16).keys()]);
    }
  });

  it("what is no frame is refused with bad-frame", () => {
    for (const bytes of [[], [2, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0], [2, 99, 0, 0, 0, 0, 0, 0]])
      assert.throws(
        () => readFrameHeader(Uint8Array.from(bytes)),
        (error) => error instanceof ArchitechError && error.code === "bad-frame",
      );
  });
});
