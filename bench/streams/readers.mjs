// Subscribers of one run, in one process: each reads to the end, and counts; those that stall read nothing.
import { once } from "node:events";
import { encodeControl, readFrameHeader } from "@architech/protocol";
import { WebSocket } from "ws";

const { port, id, kind, readers, stalled } = JSON.parse(process.argv[2]);
const ackBytes = 128 << 10;
let total = 0;
let begun = 0;

const reading = [];
for (let i = 0; i < readers; i++) {
  // Connections are made a few at a time, as a listening socket takes them.
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/runs/${id}/stream`, { perMessageDeflate: false });
  const opened = once(socket, "open");
  if (i % 2 === 1 && i < 2 * stalled) void opened.then(() => socket.pause());
  else reading.push(read(socket));
  if (i % 50 === 49) await opened;
}
const ends = await Promise.all(reading);
const seconds = (performance.now() - begun) / 1000;
if (new Set(ends).size !== 1) throw new Error(`subscribers were not sent the same: ${[...new Set(ends)].join(", ")}`);
process.send({ bytes: total, seconds });

/** Reads to the end, and gives what must be the same for all. */
async function read(socket) {
  let [next, bytes, taken, last] = [0, 0, 0, 0];
  socket.on("message", (data) => {
    begun ||= performance.now();
    bytes += data.byteLength;
    if (kind !== "run" || data[0] !== 2) return;
    const { seq } = readFrameHeader(data);
    if (seq !== next++) throw new Error(`frame ${seq} came instead of ${next - 1}`);
    taken += data.byteLength;
    last = seq;
    if (taken < ackBytes) return;
    taken = 0;
    socket.send(encodeControl({ type: "ack", seq: last }));
  });
  await once(socket, "close");
  total += bytes;
  return next === 0 ? bytes : next;
}
