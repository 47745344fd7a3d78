import assert from "node:assert/strict";
import { once } from "node:events";
import {
  decodeServerMessage,
  encodeControl,
  frameBody,
  isSchemaFrame,
  type RunRequest,
  readFrameHeader,
  type Thinned,
  tableNumbers,
} from "@architech/protocol";
import { tableFromIPC } from "apache-arrow";
import { RunsHost, request } from "./host.js";

const { series, summary, thinned } = tableNumbers;
const limits = { windowBytes: 64 << 10, behindBytes: 256 << 10 };

/** A run of a long series, which goes on until it is cancelled. */
function long(): RunRequest {
  const base = request({ until: "50000s", warmup: "0s", every: "1s", runs: 500, cache: false });
  return { ...base, model: { ...(base.model as object), traffic: { to: "api", rate: "1rps", mix: { get: 1 } } } };
}

describe("thinning for a reader that cannot keep up", function () {
  this.timeout(60_000);
  let host: RunsHost;
  beforeEach(async () => {
    host = await RunsHost.start({}, limits);
  });
  afterEach(() => host.close());

  async function written(id: string, bytes: number): Promise<void> {
    while ((await host.service.info(id)).bytes < bytes) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Reads with RunClient, and takes nothing until so many bytes are there; then cancels, reads on, and gives what came. */
  async function readLate(id: string, thin: boolean, interrupt = false) {
    const messages: Thinned[] = [];
    const frames: Uint8Array[] = [];
    const stream = host.client.stream(id, {
      thin,
      onMessage: (message) => message.type === "thinned" && messages.push(message),
    });
    for await (const frame of stream) {
      frames.push(frame.slice());
      if (frames.length === 5) await written(id, 3 << 20);
      if (interrupt && frames.length % 12 === 0) host.dropConnections();
      const isDone = readFrameHeader(frame).seq > 80;
      if (isDone && (await host.service.info(id)).state === "running") await host.service.cancel(id);
    }
    return { messages, frames };
  }

  for (const interrupt of [false, true])
    it(`says which frames come as one, and the others come each once${interrupt ? ", also where the connection breaks" : ""}`, async () => {
      const { id } = await host.service.start(long());
      const { messages, frames } = await readLate(id, true, interrupt);
      assert.ok(messages.length > 0, "some frames came as one");
      let next = 0;
      const stands = frames.filter((frame) => (readFrameHeader(frame).flags & 2) !== 0 && !isOpening(frame));
      for (const frame of frames) {
        const { seq, table } = readFrameHeader(frame);
        if (table === thinned && isOpening(frame)) continue;
        if (table === thinned) {
          const told = messages.find(({ to }) => to === seq + 1);
          assert.equal(told?.from, next);
          next = seq + 1;
        } else assert.equal(seq, next++);
      }
      assert.equal(next, (await host.service.info(id)).frames);
      assert.ok(stands.length > 0);
    });

  it("keeps what is counted, the extremes and the times exactly, and every row of the summary", async () => {
    const { id } = await host.service.start(long());
    const { frames, messages } = await readLate(id, true);
    const whole: Uint8Array[] = [];
    for await (const frame of host.client.stream(id)) whole.push(frame.slice());
    assert.equal(whole.length, (await host.service.info(id)).frames);
    const standing = new Set(messages.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));
    const made = rowsOf(frames, thinned);
    const missing = rowsOf(
      whole.filter((frame) => isOpening(frame) || standing.has(readFrameHeader(frame).seq)),
      series,
    );
    assert.ok(made.length > 0 && missing.length > 4 * made.length, `${missing.length} rows as ${made.length}`);
    const isIn = (row: Row, of: Row) =>
      ["replication", "node"].every((name) => row[name] === of[name]) &&
      row["t"]! > of["from"]! &&
      row["t"]! <= of["t"]!;
    for (const row of made.slice(0, 200)) {
      const its = missing.filter((one) => isIn(one, row));
      assert.equal(row["intervals"], its.length);
      const seen = (name: string) => its.map((one) => Number(one[name])).filter((value) => !Number.isNaN(value));
      assert.equal(
        row["arrivals"],
        seen("arrivals").reduce((sum, value) => sum + value),
      );
      for (const name of ["arrivals", "latency.p99", "util", "depth"]) {
        const values = seen(name);
        if (values.length === 0) assert.ok(Number.isNaN(row[`${name}.max`]));
        else {
          assert.equal(row[`${name}.min`], Math.min(...values));
          assert.equal(row[`${name}.max`], Math.max(...values));
        }
      }
      const utils = seen("util");
      if (utils.length > 0)
        assert.ok(Math.abs(Number(row["util"]) - utils.reduce((a, b) => a + b) / utils.length) < 1e-12);
    }
    assert.equal(
      made.reduce((sum, row) => sum + Number(row["intervals"]), 0),
      missing.length,
    );
    assert.deepEqual(rowsOf(frames, summary), rowsOf(whole, summary));
  });

  it("happens to nobody who did not ask for it", async () => {
    const { id } = await host.service.start(long());
    const { frames, messages } = await readLate(id, false);
    assert.deepEqual(messages, []);
    assert.deepEqual(
      frames.map((frame) => readFrameHeader(frame).seq),
      frames.map((_, i) => i),
    );
  });

  it("refuses a thinning that there is not", async () => {
    const { id } = await host.service.start(request({ until: "20s" }));
    const socket = host.socket(id, 0, "2");
    const [data] = (await once(socket, "message")) as [Buffer];
    const message = decodeServerMessage(data);
    assert.ok(message.type === "error" && message.code === "invalid-argument");
    assert.match(message.message, /^"thin" is 1, .* not "2/);
  });

  it("closes the socket of one who acknowledges frames that were not sent", async () => {
    const { id } = await host.service.start(request({ until: "1000h", every: "1h" }));
    for (const seq of [1_000_000, Number.MAX_SAFE_INTEGER]) {
      const socket = host.socket(id);
      await once(socket, "open");
      socket.send(encodeControl({ type: "ack", seq }));
      const [code, reason] = (await once(socket, "close")) as [number, Buffer];
      assert.equal(code, 1007);
      assert.match(reason.toString(), /^bad-message: frame \d+ cannot be acknowledged/);
    }
    await host.service.cancel(id);
  });
});

type Row = Readonly<Record<string, number | string>>;

function isOpening(frame: Uint8Array): boolean {
  return isSchemaFrame(readFrameHeader(frame));
}

/** The rows of one table, as a library of Arrow reads them. */
function rowsOf(frames: readonly Uint8Array[], table: number): Row[] {
  const its = frames.filter((frame) => readFrameHeader(frame).table === table).map((frame) => frameBody(frame).slice());
  return its.length === 0
    ? []
    : (tableFromIPC(its)
        .toArray()
        .map((row: { toJSON(): Row }) => row.toJSON()) as Row[]);
}
