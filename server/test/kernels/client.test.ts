import assert from "node:assert/strict";
import { KernelClient } from "#src/kernels/client.js";
import type { ChannelName } from "#src/kernels/connection.js";
import type { Parts } from "#src/kernels/wire.js";

/** A message as ZeroMQ hands it over: parts of the memory that it was received in with others. */
function received(text: string): Parts {
  const memory = Buffer.alloc(8 << 10);
  let end = 0;
  const part = (of: string): Buffer => {
    const start = end;
    end += memory.write(of, start);
    return memory.subarray(start, end);
  };
  return {
    header: part('{"msg_type":"stream"}'),
    parent: part("{}"),
    metadata: part("{}"),
    content: part(text),
    buffers: [part("bytes")],
  };
}

/** What a client is handed that comes back. */
function comesBack(client: KernelClient): [ChannelName, Parts][] {
  const heard: [ChannelName, Parts][] = [];
  client.attach((channel, parts) => void heard.push([channel, parts]));
  return heard;
}

describe("a kernel's client that is away", () => {
  it("is handed what it missed, in order, once", () => {
    const client = new KernelClient("s", 1 << 20);
    for (const text of ["one", "two"]) client.deliver("iopub", received(text));
    assert.deepEqual(comesBack(client), [
      ["iopub", received("one")],
      ["iopub", received("two")],
    ]);
    client.detach();
    assert.deepEqual(comesBack(client), []);
  });

  it("costs the memory of its messages, not of all that came in with them", () => {
    const client = new KernelClient("s", 1 << 20);
    client.deliver("iopub", received("one"));
    const [[, { header, parent, metadata, content, buffers }]] = comesBack(client) as [[ChannelName, Parts]];
    const memory = new Set([header, parent, metadata, content, ...buffers].map(({ buffer }) => buffer));
    assert.deepEqual(
      [...memory].map(({ byteLength }) => byteLength),
      [header.length + parent.length + metadata.length + content.length + buffers[0]!.length],
    );
  });

  it("shares them with others that are away", () => {
    const parts = received("one");
    const [one, two] = [new KernelClient("s", 1 << 20), new KernelClient("t", 1 << 20)].map((client) => {
      client.deliver("iopub", parts);
      return comesBack(client)[0]![1];
    });
    assert.equal(one, two);
  });

  it("loses the oldest past its limit, in which a message counts for more than its bytes", () => {
    const client = new KernelClient("s", 100_000);
    for (let i = 0; i < 1_000; i++) client.deliver("iopub", received(`${i}`));
    const kept = comesBack(client).map(([, { content }]) => Number(content.toString()));
    assert.ok(kept.length > 80 && kept.length < 100, `${kept.length} are kept`);
    assert.deepEqual(
      kept,
      Array.from(kept, (_, i) => 1_000 - kept.length + i),
    );
  });
});
