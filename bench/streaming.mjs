// How fast a server streams a run's rows to a reader over a WebSocket on loopback: Arrow frames as they lie on disk,
// beside the same rows as JSON. The reader is a thread of its own: it counts the frames, or looks at every value.
// Usage: node bench/streaming.mjs [ROWS]   (default 1,000,000)
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { frameBody, isSchemaFrame, RunClient, readFrameHeader, tableNumbers } from "@architech/protocol";
import { RecordBatchReader, tableFromIPC } from "apache-arrow";
import { RunService } from "architech";
import express from "express";
import { WebSocket, WebSocketServer } from "ws";
import { runsRoutes } from "../server/dist/runs/routes.js";
import { runsSocket } from "../server/dist/runs/stream-socket.js";

const rounds = 3;

if (isMainThread) await serve(Number(process.argv[2] ?? 1_000_000));
else await read(workerData);

async function serve(wanted) {
  const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
  const service = await RunService.open({ folder });
  const app = express().use(runsRoutes(service));
  const http = createServer(app);
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  const serveStream = runsSocket(service);
  sockets.on("connection", (socket, request) =>
    request.url.startsWith("/json/") ? sendJson(service, socket, request) : serveStream(socket, request),
  );
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  try {
    const { id } = await service.start(request(wanted));
    const { state, error } = await service.ended(id);
    if (state !== "done") throw error;
    const url = `http://127.0.0.1:${http.address().port}/`;
    console.log(
      `${(service.info(id).bytes / 1e6).toFixed(0)} MB of Arrow in ${service.info(id).frames} frames on disk`,
    );
    console.log("stream            MB      rows   seconds  CPU secs      MB/s    rows/s");
    for (let round = 0; round < rounds; round++)
      for (const kind of ["frames", "arrow", "json"]) {
        const { bytes, rows, seconds, cpu } = await measure({ url, id, kind });
        const columns = [
          (bytes / 1e6).toFixed(0),
          rows,
          seconds.toFixed(2),
          cpu.toFixed(2),
          (bytes / 1e6 / seconds).toFixed(0),
          Math.round(rows / seconds).toLocaleString("en-US"),
        ];
        console.log(kind.padEnd(12), columns.map((value) => String(value).padStart(9)).join(" "));
      }
  } finally {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run with as many rows of series: two nodes, 50,000 intervals, as many replications as it takes. */
function request(wanted) {
  return {
    version: 1,
    kind: "run",
    points: [{ key: {}, change: {} }],
    model: {
      architech: 1,
      nodes: { api: { kind: "service", threads: 1, ops: { get: [{ do: "cpu", time: "8ms" }] } } },
      traffic: { to: "api", rate: "1rps", mix: { get: 1 } },
    },
    options: {
      until: "50000s",
      warmup: "0s",
      every: "1s",
      runs: Math.ceil(wanted / 100_000),
      seed: 1,
      confidence: 0.95,
      series: true,
    },
  };
}

/** The same rows as objects in JSON, a message for each frame; sent as fast as the socket takes them. */
async function sendJson(service, socket, { url }) {
  let opening;
  for await (const frame of service.frames(url.split("/").at(-1))) {
    const header = readFrameHeader(frame);
    if (header.table !== tableNumbers.series) continue;
    if (isSchemaFrame(header)) opening = frameBody(frame).slice();
    else socket.send(JSON.stringify(tableFromIPC([opening, frameBody(frame)]).toArray()));
    while (socket.bufferedAmount > 1 << 20) await new Promise(setImmediate);
  }
  socket.close();
}

async function measure(data) {
  const before = process.cpuUsage();
  const reader = new Worker(new URL(import.meta.url), { workerData: data });
  const [result] = await once(reader, "message");
  const { user, system } = process.cpuUsage(before);
  return { ...result, cpu: (user + system) / 1e6 };
}

async function read({ url, id, kind }) {
  const begun = performance.now();
  const { bytes, rows, sum } = await { frames: readFrames, arrow: readArrow, json: readJson }[kind](url, id);
  if (!(sum > 0)) throw new Error("the rows were not read");
  parentPort.postMessage({ bytes, rows, seconds: (performance.now() - begun) / 1000 });
}

/** Frames as they come, only counted. */
async function readFrames(url, id) {
  const total = { bytes: 0, rows: 0, sum: 1 };
  for await (const frame of new RunClient({ url, WebSocket }).stream(id)) total.bytes += frame.byteLength;
  return total;
}

async function readArrow(url, id) {
  const total = { bytes: 0, rows: 0, sum: 0 };
  for await (const batch of await RecordBatchReader.from(series(url, id, total))) {
    total.rows += batch.numRows;
    for (const field of batch.schema.fields)
      if (field.name !== "node")
        for (const value of batch.getChild(field.name).toArray()) if (!Number.isNaN(value)) total.sum += value;
  }
  return total;
}

async function* series(url, id, total) {
  for await (const frame of new RunClient({ url, WebSocket }).stream(id)) {
    total.bytes += frame.byteLength;
    if (readFrameHeader(frame).table === tableNumbers.series) yield frameBody(frame);
  }
}

async function readJson(url, id) {
  const total = { bytes: 0, rows: 0, sum: 0 };
  const socket = new WebSocket(`${url.replace("http", "ws")}json/${id}`);
  socket.on("message", (data) => {
    total.bytes += data.byteLength;
    for (const row of JSON.parse(data.toString())) {
      total.rows++;
      for (const value of Object.values(row)) if (typeof value === "number") total.sum += value;
    }
  });
  await once(socket, "close");
  return total;
}
