import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@architech/test-tools";
import { Client } from "../../kernel/build/test/client/client.js";
import { processTree } from "../measure/process-tree.mjs";
import { median, quantile } from "../measure/statistics.mjs";
import { sum, typedCell } from "./cells.mjs";

/** One life of a kernel: started, asked `cells` times for each kind of thing, ended. Milliseconds, CPU seconds, bytes. */
export async function session({ command, cwd }, cells) {
  const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
  const connection = await newConnection();
  const file = join(folder, "connection.json");
  await writeFile(file, JSON.stringify(connection));
  const [program, ...args] = command(file);
  const begun = performance.now();
  const kernel = spawn(program, args, { cwd, stdio: "ignore" });
  const ended = once(kernel, "exit");
  const client = new Client(connection);
  try {
    await client.request("kernel_info_request", {});
    const ready = performance.now() - begun;
    const readyCpu = processTree(kernel.pid).cpu;
    await hearsPublications(client);
    const first = await timed(() => execute(client, sum(0)));
    const sinceStart = performance.now() - begun;
    const firstCpu = processTree(kernel.pid).cpu;
    const plain = await repeated(cells, (i) => execute(client, sum(i)));
    const typed = await repeated(cells, (i) => execute(client, typedCell(i)));
    const before = processTree(kernel.pid).cpu;
    const completions = await repeated(cells, (i) => complete(client, `${" ".repeat(i)}process.st`));
    const completionCpu = ((processTree(kernel.pid).cpu - before) * 1000) / cells;
    return {
      ready,
      readyCpu,
      first,
      sinceStart,
      firstCpu,
      plain: median(plain),
      plainTail: quantile(plain, 0.95),
      typed: median(typed),
      complete: median(completions),
      completionCpu,
      bytes: processTree(kernel.pid).bytes,
    };
  } finally {
    client.close();
    kernel.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function newConnection() {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return { transport: "tcp", ip: "127.0.0.1", ...ports, key: "bench", signature_scheme: "hmac-sha256" };
}

/** A subscription takes effect some time after the sockets met; what was published before is lost. */
async function hearsPublications(client) {
  while (client.published.length === 0) {
    await client.request("kernel_info_request", {});
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function execute(client, code) {
  const { reply } = await client.execute(code);
  if (reply.content.status !== "ok") throw new Error(`a cell failed: ${JSON.stringify(reply.content)}`);
}

async function complete(client, code) {
  const reply = await client.request("complete_request", { code, cursor_pos: code.length });
  if (!reply.content.matches.includes("stdout")) throw new Error(`"stdout" is not among the completions of ${code}`);
}

async function timed(act) {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

async function repeated(count, act) {
  const times = [];
  for (let i = 1; i <= count; i++) times.push(await timed(() => act(i)));
  return times;
}
