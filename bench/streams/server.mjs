// Serves one run to a number of subscribers that is known before: nobody is sent anything until all are there.
import { once } from "node:events";
import { createServer } from "node:http";
import { frameBody, isSchemaFrame, readFrameHeader, tableNumbers } from "@architech/protocol";
import { tableFromIPC } from "apache-arrow";
import { RunService } from "architech/host";
import { WebSocketServer } from "ws";
import { runsSocket } from "../../server/dist/runs/stream-socket.js";

const { folder, kind, readers, repeat, steps } = JSON.parse(process.argv[2]);
const bareBytes = 64 << 10;
/** A row of the series is of 92 bytes, and two nodes have one at each step. */
const bareFrames = Math.round((2 * 92 * steps) / bareBytes);

const service = await RunService.open({ folder, workers: 1 });
const id = `streams-${steps}-${repeat}`;
const { state } = await service.start(request()).then(() => service.ended(id));
if (state !== "done") throw new Error(`the run ended as ${state}`);
const messages = kind === "run" ? [] : kind === "json" ? await json() : bare();
const runs = runsSocket(service);
const waiting = [];
const http = createServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
let begun;
sockets.on("connection", (socket, asked) => {
  socket.on("error", () => {});
  waiting.push(() => (kind === "run" ? runs.serve(socket, asked) : sendAll(socket, asked.socket)));
  if (waiting.length === readers) begin();
});
http.listen(0, "127.0.0.1", 4096);
await once(http, "listening");
process.send({ port: http.address().port, id });
process.once("SIGINT", () => process.exit());
process.on("message", () => {
  const { user, system } = process.cpuUsage(begun.cpu);
  const rows = kind === "bare" ? 0 : 2 * steps * repeat;
  process.send({ rows, cpu: (user + system) / 1e6, before: begun.before, most: begun.most });
});

function begin() {
  globalThis.gc?.();
  begun = { cpu: process.cpuUsage(), before: process.memoryUsage.rss(), most: 0 };
  setInterval(() => (begun.most = Math.max(begun.most, process.memoryUsage.rss())), 20);
  for (const serve of waiting) serve();
}

/** A run of as many replications as are wanted, with the series of each. */
function request() {
  return {
    version: 1,
    kind: "run",
    id,
    points: [{ key: {}, change: {} }],
    model: {
      architech: 1,
      nodes: { api: { kind: "service", threads: 1, ops: { get: [{ do: "cpu", time: "8ms" }] } } },
      traffic: { to: "api", rate: "1rps", mix: { get: 1 } },
    },
    options: { until: `${steps}s`, warmup: "0s", every: "1s", runs: repeat, seed: 1, confidence: 0.95, series: true },
  };
}

function bare() {
  const buffer = Buffer.alloc(bareBytes, 2);
  return Array.from({ length: bareFrames * repeat }, () => buffer);
}

/** The same rows as objects in JSON, a message for each frame, made once for all. */
async function json() {
  const texts = [];
  let opening;
  for await (const frame of service.frames(id)) {
    const header = readFrameHeader(frame);
    if (header.table !== tableNumbers.series) continue;
    if (isSchemaFrame(header)) opening = frameBody(frame).slice();
    else texts.push(Buffer.from(JSON.stringify(tableFromIPC([opening, frameBody(frame)]).toArray())));
  }
  return texts;
}

/** As fast as the connection takes it. */
async function sendAll(socket, stream) {
  for (const message of messages) {
    socket.send(message);
    if (stream.writableNeedDrain) await once(stream, "drain");
  }
  socket.close();
}
