import { pause } from "@architech/protocol";
import { type Going, going } from "../cli/command-line.js";
import { freshFolder } from "../folders.js";
import { testKernelspecs } from "../serving.js";

/** The token of every cluster here. */
export const token = "0123456789abcdef0123456789abcdef";

/** A process of a cluster. */
export interface Process extends Going {
  readonly url: string;
}

/** Processes of one cluster, started as a person starts them. */
export class Processes {
  readonly #bus: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #started = new Set<Going>();
  #shared: Promise<{ root: string; specs: string }> | undefined;

  /** `env` is given to every process. */
  constructor(bus: string, env: Readonly<Record<string, string>> = {}) {
    this.#bus = bus;
    this.#env = env;
  }

  /** `architech serve --role ...` over one folder of documents. */
  async serve(role: string, ...more: string[]): Promise<Process> {
    const { root, specs } = await this.#folders();
    const data = await freshFolder();
    const args = ["serve", "--role", role, "--bus", this.#bus, "--port", "0", "--root", root, "--data", data, ...more];
    const process = await going(args, { env: { ...this.#env, ARCHITECH_TOKEN: token, JUPYTER_PATH: specs } });
    this.#started.add(process);
    return { ...process, url: String(process.first["url"]) };
  }

  async worker(): Promise<Going> {
    const process = await going(["worker", "--bus", this.#bus, "--threads", "1"], { env: this.#env });
    this.#started.add(process);
    return process;
  }

  async kill(): Promise<void> {
    await Promise.all([...this.#started].map((process) => process.end("SIGKILL")));
  }

  #folders(): Promise<{ root: string; specs: string }> {
    this.#shared ??= (async () => ({ root: await freshFolder(), specs: await testKernelspecs() }))();
    return this.#shared;
  }
}

/** A request with the token. */
export function ask(url: string, method: string, path: string, body?: unknown, headers = {}): Promise<Response> {
  return fetch(new URL(path, url), {
    method,
    headers: { authorization: `token ${token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** The same, answered by JSON; throws unless the status is 2xx. */
export async function json<T = Record<string, unknown>>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await ask(url, method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Four who ask, each again as soon as it was answered, but for a moment in which others have the processor. */
export interface Asking {
  /** Of every answer; 0 where there was none. */
  readonly statuses: readonly number[];
  stop(): Promise<void>;
}

/** Begins to ask; `ask` resolves to the status. */
export function asking(ask: () => Promise<number>): Asking {
  const statuses: number[] = [];
  let going = true;
  const askers = Array.from({ length: 4 }, async () => {
    for (; going; await pause(10)) statuses.push(await ask().catch(() => 0));
  });
  return {
    statuses,
    async stop() {
      going = false;
      await Promise.all(askers);
    },
  };
}

/** Resolves when it holds; asks ten times a second. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not in ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
