// Jupyter's REST API and kernel messages: `architech serve` beside jupyter_server, with the same documents and the same
// kernel (ipykernel), one after the other so that neither disturbs the other.
// Usage: node bench/jupyter.mjs [--quick]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contestants } from "./jupyter/contestants.mjs";
import { answering, load } from "./jupyter/http-load.mjs";
import { idleSockets, kernelOf, roundTrips } from "./jupyter/kernel-load.mjs";
import { quick } from "./measure/options.mjs";
import { residentBytes } from "./measure/process-tree.mjs";
import { started } from "./measure/program.mjs";
import { printTable, short } from "./measure/text.mjs";

const seconds = quick ? 2 : 8;
const connections = 20;
const sockets = 200;
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
const milliseconds = (value) => value.toPrecision(3);

const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
try {
  const all = await contestants(folder);
  const results = [];
  for (const contestant of all)
    if (contestant.missing === undefined) results.push({ name: contestant.name, ...(await measure(contestant)) });
    else console.log(`without ${contestant.name}: ${contestant.missing}`);
  const line = (label, field, format = short) => [label, ...results.map((one) => format(one[field]))];
  printTable([
    [`${connections} connections, ${seconds} s each`, ...results.map(({ name }) => name)],
    line("reads of a notebook of 51 KB a second", "reads"),
    line("p99, ms", "readsP99", milliseconds),
    line("reads with its ETag a second", "fresh"),
    line("listings of 100 notebooks a second", "listings"),
    line("p99, ms", "listingsP99", milliseconds),
    line("kernel_info round trips a second, one client", "messages"),
    line("the same, twenty clients of one kernel", "messagesOfTwenty"),
    line("memory of the server before, MB", "before", megabytes),
    line("after all that, MB", "after", megabytes),
    line(`with ${sockets} idle kernel sockets, MB`, "withSockets", megabytes),
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure({ command, address, options }) {
  const { program, args } = await command();
  const server = await started(program, args, address, options);
  try {
    const { origin } = new URL(server.found);
    const at = (path) => `${origin}/api/contents/${path}`;
    await answering(at("read.ipynb"));
    // What has never run is compiled first.
    await load(at("read.ipynb"), { connections, seconds: 3 });
    await load(at("many"), { connections, seconds: 3 });
    const before = residentBytes(server.pid);
    const reads = await load(at("read.ipynb"), { connections, seconds });
    const etag = (await fetch(at("read.ipynb"), { headers: { authorization: "token bench" } })).headers.get("etag");
    const fresh = await load(at("read.ipynb"), { connections, seconds, headers: { "if-none-match": etag ?? '"-"' } });
    const listings = await load(at("many"), { connections, seconds });
    const kernel = await kernelOf(origin);
    const messages = await roundTrips(kernel, { clients: 1, seconds });
    const messagesOfTwenty = await roundTrips(kernel, { clients: connections, seconds });
    const after = residentBytes(server.pid);
    const idle = await idleSockets(kernel, sockets);
    const withSockets = residentBytes(server.pid);
    idle.close();
    await kernel.stop();
    return {
      reads: reads.rate,
      readsP99: reads.p99,
      fresh: fresh.rate,
      listings: listings.rate,
      listingsP99: listings.p99,
      messages,
      messagesOfTwenty,
      before,
      after,
      withSockets,
    };
  } finally {
    await server.stop();
  }
}
