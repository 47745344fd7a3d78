import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Context } from "mocha";

/** A database of monitoring that a test has started, on loopback and with a folder of its own. */
export interface Database {
  readonly url: string;
  stop(): Promise<void>;
}

/** Skips a suite for want of a program; in CI that is a failure. */
export function wanted(context: Context, program: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  const found = folders.map((folder) => join(folder, program)).find(isExecutable);
  if (found !== undefined) return found;
  if (process.env["CI"] === "true") throw new Error(`in CI this must be there: ${program}`);
  console.log(`      skipped for want of ${program}`);
  return context.skip();
}

export async function startPrometheus(program: string): Promise<Database> {
  return started(program, "-/ready", ([port], folder) => ({
    file: "prometheus.yml",
    text: "global: {}\n",
    args: (config) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
      "--storage.tsdb.retention.time=100y",
    ],
  }));
}

export async function startInflux(program: string): Promise<Database> {
  return started(program, "ping", ([port, internal], folder) => ({
    file: "influxdb.conf",
    text: `
reporting-disabled = true
bind-address = "127.0.0.1:${internal}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
[monitor]
store-enabled = false
`,
    args: (config) => ["-config", config],
  }));
}

interface Start {
  readonly file: string;
  readonly text: string;
  readonly args: (config: string) => string[];
}

async function started(
  program: string,
  ready: string,
  how: (ports: readonly number[], folder: string) => Start,
): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), "architech-test-"));
  const ports = [await freePort(), await freePort()];
  const { file, text, args } = how(ports, folder);
  const config = join(folder, file);
  await writeFile(config, text);
  const child = spawn(program, args(config), { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (words: string) => {
    said = (said + words).slice(-2_000);
  });
  const url = `http://127.0.0.1:${ports[0]}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said}`);
    const answer = await fetch(`${url}/${ready}`).catch(() => undefined);
    if (answer?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
