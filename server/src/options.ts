import { ArchitechError, requestLimits } from "@architech/protocol";
import type { RetentionLimits } from "architech/host";
import type { Bus } from "./bus/bus.js";
import type { Documents } from "./contents/documents.js";
import { openLimit } from "./http/open-requests.js";
import { generous, type RateLimitOptions } from "./http/rate-limits.js";
import { defaultPolicy, type KernelPolicy } from "./kernels/kernel.js";
import type { ChannelLimits } from "./kernels/socket.js";
import { jupyterPath } from "./kernelspecs/jupyter-path.js";
import type { LabBuild } from "./lab/build.js";
import { type Log, silentLog } from "./log.js";
import type { Role } from "./roles.js";
import { contentSecurityPolicy } from "./security/headers.js";
import { isLoopback } from "./security/hosts.js";
import { newToken } from "./security/token.js";
import { noTracing, type Tracing } from "./tracing/tracing.js";

/** Sizes in bytes past which a request, a message or a connection is refused. */
export interface Limits {
  /** The body of a request that carries no document. */
  body: number;
  /** The body of a request to run something: a model and its points. */
  run: number;
  /** The body of a request that carries a document. */
  document: number;
  /** One WebSocket message. */
  message: number;
  channel: ChannelLimits;
  /** How often a silent WebSocket is probed, ms. */
  pingMs: number;
}

/** What a server is made of; all but the data folder, and the documents of who keeps them, has a safe default. */
export interface ServerOptions {
  /** What it does: `["all"]` by default. */
  readonly roles?: readonly Role[];
  /** Needed by the documents' part; that of kernels starts its kernels in their folders. Closed with the server. */
  readonly documents?: Documents | undefined;
  /** Where the server keeps what is not a document: settings, layouts, trust, runs. */
  readonly data: string;
  /** The bus of a cluster, whose workers simulate the runs and which keeps them; by default this process does. Closed with the server. */
  readonly bus?: Bus;
  /** Where the other services of a cluster reach this one; by default where it listens. */
  readonly advertise?: string | undefined;
  /** Proxies before this server whose word on a client's address counts. 1 behind a gateway, else 0. */
  readonly trustedProxies?: number;
  /** 0 takes any number of requests, which is the default of a server for one machine. */
  readonly rateLimits?: Partial<RateLimitOptions>;
  /** How many runs are kept, and their bytes. The same in all services of runs of a cluster. */
  readonly retention?: RetentionLimits;
  /** Requests that are answered at once, further ones are refused; 0 takes any number, as a server for one machine does by default. */
  readonly openLimit?: number;
  /** The address to listen on: loopback unless `allowRemote`. */
  readonly ip?: string;
  /** 0 takes any free one. */
  readonly port?: number;
  /** How many ports are tried, from `port` up, before it counts as taken. */
  readonly portTries?: number;
  /** A random one by default; "" asks nobody, on loopback only. */
  readonly token?: string;
  /**
   * The header in which a proxy that logs people in says who asks, such as `x-forwarded-user`; whoever shows the token is
   * believed. By default there is one user. Behind a gateway it is the gateway that is asked.
   */
  readonly userHeader?: string | undefined;
  readonly allowRemote?: boolean;
  /** Further names that a Host header may give, such as a proxy's. */
  readonly allowHosts?: readonly string[];
  /** Further origins whose pages may use this server: `https://example.org`. */
  readonly allowOrigins?: readonly string[];
  /** Where the server starts in its host's addresses: `/` or `/some/path/`. */
  readonly baseUrl?: string;
  readonly contentSecurityPolicy?: string;
  /**
   * Where pages get the lab's built files from instead of `/static/lab/` here: the address of a content delivery network
   * that gets them there, or of a copy of them. This server then serves them to everybody, without a token.
   */
  readonly staticOrigin?: string | undefined;
  readonly lab?: LabBuild | undefined;
  /** The folders with `kernels/<name>/kernel.json`, the first one wins. */
  readonly kernelspecFolders?: () => readonly string[];
  readonly kernels?: Partial<KernelPolicy>;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** Where what is done for a request can be followed; by default nowhere. Closed with the server. */
  readonly tracing?: Tracing;
}

/** The options of a server, all of them. */
export type ResolvedOptions = Required<
  Omit<
    ServerOptions,
    "advertise" | "staticOrigin" | "userHeader" | "bus" | "documents" | "kernels" | "lab" | "limits" | "rateLimits"
  >
> & {
  readonly advertise: string | undefined;
  readonly staticOrigin: string | undefined;
  readonly userHeader: string | undefined;
  readonly bus: Bus | undefined;
  readonly documents: Documents | undefined;
  readonly rateLimits: RateLimitOptions;
  readonly kernels: KernelPolicy;
  readonly limits: Limits;
  readonly lab: LabBuild | undefined;
};

const mebi = 1024 * 1024;

/** How long a token must be that nobody may guess, in characters. */
const longToken = 16;

/** Fills in the defaults; throws `remote-refused` for an address that others reach without their being wanted. */
export function resolveOptions(given: ServerOptions): ResolvedOptions {
  const ip = given.ip ?? "127.0.0.1";
  const token = given.token ?? newToken();
  if (!isLoopback(ip)) {
    if (!given.allowRemote)
      throw new ArchitechError(
        "remote-refused",
        `${ip} is reached from other machines: add --allow-remote if you mean it`,
      );
    if (token.length < longToken)
      throw new ArchitechError(
        "remote-refused",
        "a server that other machines reach needs a token of 16 characters or more",
      );
  }
  const roles = given.roles ?? ["all"];
  const staticOrigin = given.staticOrigin === undefined ? undefined : placeOf(given.staticOrigin);
  const userHeader = given.userHeader === undefined ? undefined : userHeaderOf(given.userHeader, token);
  const isBehindGateway = given.bus !== undefined && !roles.includes("all") && !roles.includes("gateway");
  const isForOne = isLoopback(ip) && roles.includes("all");
  return {
    allowRemote: false,
    allowOrigins: [],
    contentSecurityPolicy: contentSecurityPolicy(staticOrigin),
    kernelspecFolders: () => jupyterPath(),
    log: silentLog,
    tracing: noTracing,
    port: 0,
    portTries: 1,
    trustedProxies: isBehindGateway ? 1 : 0,
    openLimit: isForOne ? 0 : openLimit,
    retention: {},
    ...given,
    roles,
    allowHosts: [...(given.allowHosts ?? []), ...(given.advertise === undefined ? [] : [hostOf(given.advertise)])],
    advertise: given.advertise,
    staticOrigin,
    userHeader,
    documents: given.documents,
    rateLimits: { ...(isForOne ? { user: 0, address: 0 } : generous), ...given.rateLimits },
    ip,
    token,
    baseUrl: `/${given.baseUrl ?? ""}/`.replace(/\/+/g, "/"),
    lab: given.lab,
    bus: given.bus,
    kernels: { ...defaultPolicy, ...given.kernels },
    limits: {
      body: mebi,
      run: requestLimits.maxBytes,
      document: 128 * mebi,
      message: 64 * mebi,
      channel: { inbound: 16 * mebi, outbound: 64 * mebi },
      pingMs: 30_000,
      ...given.limits,
    },
  };
}

function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new ArchitechError("invalid-argument", `advertise: "${url}" is no address`);
  return new URL(url).hostname.replace(/^\[|\]$/g, "");
}

/** What a proxy alone may say is no header that clients and servers use for something else. */
const otherHeaders = new Set(["authorization", "connection", "cookie", "content-length", "host", "origin", "upgrade"]);

function userHeaderOf(name: string, token: string): string {
  const header = name.toLowerCase();
  if (!/^[\w-]{1,64}$/.test(header) || otherHeaders.has(header))
    throw new ArchitechError("invalid-argument", `user header: "${name}" is no header such as x-forwarded-user`);
  if (token.length < longToken)
    throw new ArchitechError(
      "invalid-argument",
      `user header: who says who asks must prove to be the proxy, by a token of ${longToken} characters or more`,
    );
  return header;
}

/** An address under which files are, with a "/" at its end. */
function placeOf(url: string): string {
  if (!/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url) || !URL.canParse(url))
    throw new ArchitechError(
      "invalid-argument",
      `static origin: "${url}" is no address such as https://cdn.example.org/lab/`,
    );
  return `${url.replace(/\/+$/, "")}/`;
}
