import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Database, needed, startPrometheus } from "@architech/test-tools";
import type { Context } from "mocha";

/** Skips a test for want of Prometheus and its tool, saying so; in CI that is a failure. */
export function needsPrometheus(context: Context): void {
  for (const name of ["prometheus", "promtool"]) needed(context, name);
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
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Started in a folder that has its `prometheus.yaml`, and takes its data. */
  static async start(folder: string): Promise<Prometheus> {
    return new Prometheus(await startPrometheus("prometheus", folder));
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
    this.#database.reload();
  }

  async end(): Promise<void> {
    await this.#database.stop();
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#database.url}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success") throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
}
