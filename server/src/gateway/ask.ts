import { Agent, request } from "node:http";
import type { Failure } from "./breaker.js";

/** What a service answered. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** How it is asked; `id` is that of the request for which it is. */
export interface AskOptions {
  readonly timeoutMs?: number;
  readonly id?: string;
  /** Over a connection of its own: one that was kept may be that of a process which has died. */
  readonly anew?: boolean;
}

/** Connections to services that are kept open, a bounded number to each; closed here before the service does. */
export function connections(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 64, timeout: 60_000 });
}

/** Asks services on the gateway's own account, with the cluster's token. */
export class Asker {
  readonly #agent: Agent;
  readonly #token: string;

  constructor(agent: Agent, token: string) {
    this.#agent = agent;
    this.#token = token;
  }

  /** Gets `path` below a service's address. Rejects when there is no answer, with an error that `failureOf` reads. */
  ask(url: string, path: string, { timeoutMs = 5_000, id = "", anew = false }: AskOptions = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `token ${this.#token}`, ...(id === "" ? {} : { "x-request-id": id }) };
      const asked = request(new URL(path, url), { agent: anew ? false : this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()) });
        });
      });
      const timer = setTimeout(
        () => asked.destroy(Object.assign(new Error(`no answer in ${timeoutMs} ms`), { code: "ETIMEDOUT" })),
        timeoutMs,
      );
      asked.on("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      asked.end();
    });
  }
}

/** How a request failed, by the code of its error. */
export function failureOf(error: unknown): Failure {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ETIMEDOUT") return "timeout";
  return code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENOTFOUND" ? "refused" : "reset";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
