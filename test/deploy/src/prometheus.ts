import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Context } from "mocha";

/** Skips a test for want of Prometheus, saying so; in CI that is a failure. */
export async function needsPrometheus(context: Context): Promise<void> {
  const there = await Promise.all(["prometheus", "promtool"].map((name) => tool(name, ["--version"])));
  if (there.every(({ code }) => code === 0)) return;
  if (process.env["CI"] === "true") throw new Error("in CI prometheus and promtool must be there: Debian's prometheus");
  console.log("      skipped for want of prometheus and promtool: Debian's package prometheus has both");
  context.skip();
}

/** Runs a program to its end. */
export async function tool(name: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(name, [...args]);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: number | string; stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : -1, text: `${stdout}${stderr}` };
  }
}

/** A folder for the length of one act, with these files. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  act: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "architech-prometheus-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a query gives: a value by its labels. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A Prometheus that runs. */
export class Prometheus {
  readonly #url: string;
  readonly #process: ChildProcess;
  #said = "";

  private constructor(url: string, process: ChildProcess) {
    this.#url = url;
    this.#process = process;
    process.stderr?.on("data", (text: Buffer) => (this.#said += text));
  }

  /** Started in a folder that has its `prometheus.yaml`, and takes its data. */
  static async start(folder: string): Promise<Prometheus> {
    const port = await freePort();
    const args = [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn("prometheus", args, { stdio: ["ignore", "ignore", "pipe"] });
    const it = new Prometheus(`http://127.0.0.1:${port}`, child);
    for (let tries = 0; ; tries++) {
      const ready = await fetch(`${it.#url}/-/ready`).catch(() => undefined);
      if (ready?.status === 200) return it;
      if (child.exitCode !== null || tries > 200) throw new Error(`Prometheus does not start: ${it.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Throws what Prometheus has against it. */
  async query(expr: string): Promise<Sample[]> {
    const { result } = await this.#get<{ result: Sample[] }>(`query?query=${encodeURIComponent(expr)}`);
    return result;
  }

  /** The names of the alerts that are firing. */
  async firing(): Promise<Set<string>> {
    const { alerts } = await this.#get<{ alerts: { state: string; labels: Record<string, string> }[] }>("alerts");
    return new Set(alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels["alertname"]!));
  }

  /** Reads its configuration again. */
  reload(): void {
    this.#process.kill("SIGHUP");
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill("SIGTERM");
    await once(this.#process, "close");
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success") throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
