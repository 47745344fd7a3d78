import type { Agent, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { ArchitechError } from "@architech/protocol";
import type { Request, Response } from "express";
import { createProxyServer, type ProxyServer } from "httpxy";
import { refuse } from "../http/sockets.js";
import type { Gate } from "../security/gate.js";
import { gatewayHeader } from "../security/user-name.js";
import { failureOf } from "./ask.js";
import type { Failure } from "./breaker.js";
import type { Instance } from "./instance.js";
import { RetryBudget } from "./retry-budget.js";
import type { Tunnel } from "./tunnel.js";

/** How long a service may be silent in the middle of a request. */
const silenceMs = 120_000;
const handshakeMs = 10_000;

/** Bodies up to this size are kept until the answer comes, so that they can be sent again. */
export const largestKept: number = 8 * 1024 * 1024;

/** How a request is led on. */
export interface Way {
  /** The next service to try; undefined when there is none. */
  readonly next: (tried: ReadonlySet<Instance>) => Instance | undefined;
  /** The body, where it has been read. */
  readonly body?: Buffer | undefined;
  /** What is told when the last service could not be reached; by default `service-unavailable`. */
  readonly unreachable?: ((how: Failure) => ArchitechError | undefined) | undefined;
  /** Is told which service has answered, and with which `Location`. */
  readonly answered?: ((instance: Instance, location: string | undefined) => void) | undefined;
}

/** A WebSocket whose service has not answered yet. */
interface Handshake {
  readonly tunnel: Tunnel;
  readonly failed: (error: unknown) => void;
}

/** Leads requests and WebSockets to services. */
export class Forwarder {
  readonly #agent: Agent;
  readonly #gate: Gate;
  readonly #web: ProxyServer = createProxyServer({});
  readonly #sockets: ProxyServer = createProxyServer({});
  readonly #budget: RetryBudget = new RetryBudget();
  readonly #under = new WeakMap<IncomingMessage, { instance: Instance; way: Way }>();
  /** Those whose service has not answered. */
  readonly #handshakes = new WeakMap<IncomingMessage, Handshake>();

  constructor(agent: Agent, gate: Gate) {
    this.#agent = agent;
    this.#gate = gate;
    this.#web.on("proxyRes", (answer, request) => this.#answered(answer, request));
    this.#sockets.on("proxyReqWs", (asked, request) => {
      const answered = (): void => void this.#handshakes.delete(request);
      asked.once("response", answered).once("upgrade", (_answer, service) => {
        this.#handshakes.get(request)?.tunnel.opened(service as Socket);
        answered();
      });
    });
    this.#sockets.on("error", (error, request) => request && this.#handshakes.get(request)?.failed(error));
  }

  /** Requests that were tried again. */
  get retries(): number {
    return this.#budget.spent;
  }

  /** Leads a request to a service and its answer back; what can be done twice is tried once more. Throws when no service answers. */
  async request(request: Request, response: Response, way: Way): Promise<void> {
    this.#budget.earn();
    this.#dress(request);
    const tried = new Set<Instance>();
    let how: Failure | undefined;
    for (let tries = 1; ; tries++) {
      const instance = way.next(tried) ?? (how === "reset" ? [...tried].at(-1) : undefined);
      if (instance === undefined) throw this.#unreachable(way, how);
      tried.add(instance);
      how = await this.#try(request, response, instance, way);
      if (how === undefined) return;
      // What was refused was not begun; what broke off may have been done.
      const twice = how === "refused" || (how === "reset" && isIdempotent(request));
      const isWhole = way.body !== undefined || hasNoBody(request);
      if (tries > 1 || !twice || !isWhole || !this.#budget.spend()) throw this.#unreachable(way, how);
    }
  }

  /** Leads a WebSocket to a service; resolves when it is over. */
  async socket(request: IncomingMessage, tunnel: Tunnel, head: Buffer, instance: Instance): Promise<void> {
    this.#dress(request);
    const id = String(request.headers["x-request-id"] ?? "");
    const { client } = tunnel;
    const failed = (error: unknown): void => {
      if (client.destroyed) return;
      instance.failed(failureOf(error));
      refuse(client, new ArchitechError("service-unavailable", "its service does not answer: connect again"), id);
    };
    this.#handshakes.set(request, { tunnel, failed });
    const target = instance.url;
    await this.#sockets
      .ws(request, client, { target, headers: this.#headers(), changeOrigin: true, upgradeTimeout: handshakeMs }, head)
      .catch(() => {});
  }

  /** Undefined when it was answered; else how it failed before there was an answer. */
  async #try(request: Request, response: Response, instance: Instance, way: Way): Promise<Failure | undefined> {
    const begun = performance.now();
    instance.outstanding += 1;
    this.#under.set(request, { instance, way });
    try {
      await this.#web.web(request, response, {
        target: instance.url,
        headers: this.#headers(),
        changeOrigin: true,
        agent: this.#agent,
        proxyTimeout: silenceMs,
        ...(way.body === undefined ? {} : { buffer: Readable.from(way.body.length === 0 ? [] : [way.body]) }),
      });
      return undefined;
    } catch (error) {
      if (response.destroyed) return undefined;
      const how = performance.now() - begun >= silenceMs ? "timeout" : failureOf(error);
      instance.failed(how);
      if (!response.headersSent) return how;
      response.destroy();
      return undefined;
    } finally {
      instance.outstanding -= 1;
    }
  }

  #answered(answer: IncomingMessage, request: IncomingMessage): void {
    const under = this.#under.get(request);
    // What the client is told of its limits and of its request's id is the gateway's.
    for (const name of ["ratelimit", "ratelimit-policy", "x-request-id", "connection", "keep-alive"])
      delete answer.headers[name];
    under?.instance.succeeded();
    under?.way.answered?.(under.instance, answer.headers.location);
    answer.once("close", () => {
      if (!answer.complete && !request.destroyed) under?.instance.failed("reset");
    });
  }

  /** Takes off what was meant for the gateway alone, and says for whom it asks. */
  #dress(request: IncomingMessage): void {
    const { headers } = request;
    headers[gatewayHeader] = this.#gate.userOf(request);
    for (const name of ["cookie", "origin", "authorization", "x-xsrftoken"]) delete headers[name];
    const url = new URL(request.url ?? "/", "http://localhost");
    url.searchParams.delete("token");
    url.searchParams.delete("_xsrf");
    request.url = url.pathname + url.search;
  }

  #headers(): Record<string, string> {
    return { authorization: `token ${this.#gate.token.value}` };
  }

  #unreachable({ unreachable }: Way, how: Failure | undefined): ArchitechError {
    const said = how && unreachable?.(how);
    if (said) return said;
    if (how === "timeout")
      return new ArchitechError("service-timeout", `the service has not answered for ${silenceMs / 1000} s`);
    return new ArchitechError("service-unavailable", "no service can do this at the moment: ask again");
  }
}

const idempotent = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]);

/** Whether it may be done twice; a save over a version may not: the second would find the version of the first. */
function isIdempotent({ method, headers }: Request): boolean {
  return idempotent.has(method) && headers["if-match"] === undefined;
}

function hasNoBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && (headers["content-length"] ?? "0") === "0";
}
