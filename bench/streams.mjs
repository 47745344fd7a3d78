// One run, read by a thousand subscribers at once over WebSockets on loopback: Arrow frames as the server of runs sends
// them, beside buffers of 64 KB over bare `ws`, and the same rows as JSON. Then with half of the subscribers stalled.
// The server is a process of its own, whose CPU and memory are told; the subscribers share another.
// Usage: node bench/streams.mjs [--quick] [--subscribers=1000] [--only=JSON]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quick } from "./measure/options.mjs";
import { printTable } from "./measure/text.mjs";

const goal = 800;
const option = (name, fallback) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1] ?? fallback;
const subscribers = Number(option("subscribers", quick ? 200 : 1_000));
/** Time steps of the run's series: 9 MB of Arrow, in frames of 46 KB. */
const steps = quick ? 20_000 : 50_000;
const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));

const cases = [
  { title: "one subscriber, bare ws", kind: "bare", readers: 1, repeat: 20 },
  { title: "one subscriber, Arrow", kind: "run", readers: 1, repeat: 20 },
  { title: `${subscribers}, bare ws`, kind: "bare", readers: subscribers },
  { title: `${subscribers}, Arrow`, kind: "run", readers: subscribers },
  { title: `${subscribers}, JSON`, kind: "json", readers: subscribers },
  { title: `${subscribers}, Arrow, half of them stalled`, kind: "run", readers: subscribers, stalled: subscribers / 2 },
].filter(({ title }) => title.endsWith(option("only", "")));

try {
  const rows = [];
  for (const each of cases) rows.push({ ...each, ...(await measure(each)) });
  report(rows);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Each case has a fresh server, so that memory is its own. */
async function measure({ kind, readers, stalled = 0, repeat = 1 }) {
  const server = start("./streams/server.mjs", { folder, kind, readers, repeat, steps });
  const [{ port, id }] = await once(server, "message");
  const clients = start("./streams/readers.mjs", { port, id, kind, readers, stalled });
  const [read] = await once(clients, "message");
  server.send("used");
  const [used] = await once(server, "message");
  for (const child of [clients, server]) {
    child.kill();
    await once(child, "exit");
  }
  return { ...read, ...used, rows: used.rows * (readers - stalled) };
}

/** One that breaks off ends the benchmark. */
function start(script, options) {
  const child = fork(new URL(script, import.meta.url), [JSON.stringify(options)]);
  child.once("exit", (code) => code !== null && process.exit(code));
  return child;
}

function report(rows) {
  printTable([
    ["", "MB in all", "seconds", "MB/s", "rows/s", "server: CPU s", "MB before", "MB at most"],
    ...rows.map(({ title, bytes, rows: read, seconds, cpu, before, most }) => [
      title,
      (bytes / 1e6).toFixed(0),
      seconds.toFixed(2),
      (bytes / 1e6 / seconds).toFixed(0),
      read === 0 ? "" : `${(read / 1e6 / seconds).toFixed(2)} M`,
      cpu.toFixed(2),
      (before / 1e6).toFixed(0),
      (most / 1e6).toFixed(0),
    ]),
  ]);
  const arrow = rows.find(({ kind, readers, stalled }) => kind === "run" && readers === subscribers && !stalled);
  if (arrow === undefined) return;
  const rate = arrow.bytes / 1e6 / arrow.seconds;
  console.log(`${goal} MB/s to ${subscribers} subscribers: ${rate >= goal ? "met" : "MISSED"}, ${rate.toFixed(0)}`);
}
