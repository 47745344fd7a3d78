// How fast a server streams a run's rows to a reader over a WebSocket on loopback: Arrow frames as they lie on disk,
// beside the same rows as JSON. The reader is a thread of its own: it counts the frames, or looks at every value.
// Usage: node bench/streaming.mjs [--quick]
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { frameBody, isSchemaFrame, readFrameHeader, tableNumbers } from "@architech/protocol";
import { tableFromIPC } from "apache-arrow";
import { RunService } from "architech";
import express from "express";
import { WebSocketServer } from "ws";
import { runsRoutes } from "../server/dist/runs/routes.js";
import { runsSocket } from "../server/dist/runs/stream-socket.js";
import { quick } from "./measure/options.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable, short, spread } from "./measure/text.mjs";

const rounds = quick ? 2 : 3;

await serve(quick ? 200_000 : 1_000_000);

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
    const results = { frames: [], arrow: [], json: [] };
    for (let round = 0; round < rounds; round++)
      for (const [kind, its] of Object.entries(results)) its.push(await measure({ url, id, kind }));
    report(results);
  } finally {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function report({ frames, arrow, json }) {
  const line = (label, its) => {
    const perSecond = (of) => spread(its.map((one) => of(one) / one.seconds));
    return [
      label,
      (its[0].bytes / 1e6).toFixed(0),
      perSecond(({ bytes }) => bytes / 1e6),
      its[0].rows === 0 ? "" : perSecond(({ rows }) => rows),
      median(its.map(({ cpu }) => cpu)).toFixed(2),
    ];
  };
  printTable([
    ["over a WebSocket", "MB", "MB/s", "rows/s", "CPU seconds"],
    line("Arrow frames, counted", frames),
    line("Arrow frames, every value read", arrow),
    line("JSON, every value read", json),
  ]);
  const times = arrow.map(({ rows, seconds }, i) => rows / seconds / (json[i].rows / json[i].seconds));
  console.log(`rows a second as Arrow / as JSON: ${spread(times, short)}`);
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

/** What a reader in a thread of its own finds. */
async function measure(workerData) {
  const reader = new Worker(new URL("./streaming/reader.mjs", import.meta.url), { workerData });
  const [result] = await once(reader, "message");
  return result;
}
