// Reads a run's rows in a thread of its own and tells how many there were and what it took, the server's CPU included.
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { frameBody, RunClient, readFrameHeader, tableNumbers } from "@architech/protocol";
import { RecordBatchReader } from "apache-arrow";
import { WebSocket } from "ws";

await read(workerData);

async function read({ url, id, kind }) {
  const begun = performance.now();
  const before = process.cpuUsage();
  const { bytes, rows, sum } = await { frames: readFrames, arrow: readArrow, json: readJson }[kind](url, id);
  if (!(sum > 0)) throw new Error("the rows were not read");
  const { user, system } = process.cpuUsage(before);
  parentPort.postMessage({ bytes, rows, seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 });
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
