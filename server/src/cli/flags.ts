import { type ParseArgsConfig, parseArgs } from "node:util";
import type { RetentionLimits } from "architech/host";
import { openLimit as usualOpenLimit } from "../http/open-requests.js";
import { generous } from "../http/rate-limits.js";
import { type Role, readRoles } from "../roles.js";
import { isLoopback } from "../security/hosts.js";
import { optionError, UsageError } from "./command.js";
import { type LogFlags, logHelp, logOptions, parseLogFlags } from "./log-flags.js";

/** The options of `lab` and `serve`, as they were typed. */
export interface ServerFlags {
  readonly ip: string;
  /** Undefined when it was not typed: then 8888 or the next free port. */
  readonly port?: number;
  readonly root?: string;
  readonly data?: string;
  readonly token?: string;
  /** Where runs are worked on, if not in this process. */
  readonly bus?: string;
  readonly allowRemote: boolean;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  readonly baseUrl: string;
  readonly staticOrigin?: string;
  readonly hidden: boolean;
  readonly json: boolean;
  readonly log: LogFlags;
  /** What `serve` does; all of it in `lab`. */
  readonly roles: readonly Role[];
  readonly advertise?: string;
  /** How long it goes on to serve once it is told to end, ms. */
  readonly graceMs: number;
  readonly trustedProxies?: number;
  readonly userHeader?: string;
  /** Requests of one user in a minute, and of one address. */
  readonly rateLimits?: { readonly user?: number; readonly address?: number };
  /** Requests that are answered at once. */
  readonly openLimit?: number;
  /** How many runs are kept. */
  readonly retention: RetentionLimits;
  /** `lab` only. */
  readonly browser: boolean;
  readonly demos: boolean;
  /** A document to open, from the root; `lab` only. */
  readonly path?: string;
}

const options = {
  ip: { type: "string", default: "127.0.0.1" },
  port: { type: "string" },
  root: { type: "string" },
  data: { type: "string" },
  token: { type: "string" },
  bus: { type: "string" },
  "allow-remote": { type: "boolean", default: false },
  "allow-host": { type: "string", multiple: true, default: [] as string[] },
  "allow-origin": { type: "string", multiple: true, default: [] as string[] },
  "base-url": { type: "string", default: "/" },
  "static-origin": { type: "string" },
  "keep-runs": { type: "string" },
  "keep-gib": { type: "string" },
  hidden: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  ...logOptions,
} satisfies ParseArgsConfig["options"];

const serveOptions = {
  ...options,
  role: { type: "string", default: "all" },
  advertise: { type: "string" },
  grace: { type: "string" },
  "trusted-proxies": { type: "string" },
  "user-header": { type: "string" },
  "user-limit": { type: "string" },
  "address-limit": { type: "string" },
  "open-limit": { type: "string" },
} satisfies ParseArgsConfig["options"];

const labOptions = {
  ...options,
  browser: { type: "boolean", default: true },
  demos: { type: "boolean", default: true },
} satisfies ParseArgsConfig["options"];

/** What `--help` says of the options of `serve` alone. */
export const serveHelp: string = `  --role ROLES         all (default), gateway, or some of documents,kernels,runs: one part
                       of a cluster, which needs --bus and the cluster's --token
  --advertise URL      where the others of the cluster reach this process (default: where
                       it listens)
  --grace SECONDS      how long it goes on to serve after SIGTERM, not ready and without
                       beginning anything (default 0 on loopback, else 10)
  --trusted-proxies N  proxies before it whose X-Forwarded-For counts (default: 1 behind a
                       gateway, else 0)
  --user-header NAME   the header in which a proxy that logs people in says who asks, such as
                       X-Forwarded-User; it must show the token (also ARCHITECH_USER_HEADER)
  --user-limit N       requests of one user in a minute, 0 for any number (default ${generous.user};
                       of all on loopback: any)
  --address-limit N    the same of one address (default ${generous.address})
  --open-limit N       requests that are answered at once, 0 for any number; further ones
                       are refused (default ${usualOpenLimit}; of all on loopback: any)
`;

/** What `--help` says of the options that `lab` and `serve` share. */
export const flagsHelp: string = `  --root FOLDER        the documents (default: the current folder; of Architech's own
                       checkout: a folder in the data folder)
  --data FOLDER        settings, runs and the like (default: ARCHITECH_DATA, or the
                       platform's place for a program's data)
  --port NUMBER        default 8888, or the next free one; 0 takes any
  --ip ADDRESS         the address to listen on (default 127.0.0.1)
  --allow-remote       needed to listen on an address that other machines reach
  --allow-host NAME    another name that a Host header may give, such as a proxy's
  --allow-origin URL   another origin whose pages may use this server
  --base-url PATH      where the server starts in its host's addresses (default /)
  --static-origin URL  where browsers get the lab's built files from: a content delivery
                       network that gets them at static/lab here (also
                       ARCHITECH_STATIC_ORIGIN)
  --token TOKEN        instead of a random one (also ARCHITECH_TOKEN)
  --bus URL            let the workers of a cluster simulate (nats://host:4222; also
                       ARCHITECH_BUS) and not this process
  --keep-runs N        runs of each user that stay when they are over (default 200)
  --keep-gib N         what all of them may take, in GiB (default 2); the oldest of whoever
                       has most go first
  --hidden             show and serve files whose names start with a dot
  --json               print one line of JSON when ready: url, token, port, root, data, pid
${logHelp}
Environment: ARCHITECH_BUS, ARCHITECH_DATA, ARCHITECH_STATIC_ORIGIN, ARCHITECH_TOKEN,
ARCHITECH_MONGO_URL (documents in MongoDB instead of files), JUPYTER_PATH (where else
kernelspecs are).
`;

/** Reads the options of `lab` or `serve`; throws UsageError. */
export function parseServerFlags(command: "lab" | "serve", argv: readonly string[]): ServerFlags {
  const { values, positionals } = parse(command, argv);
  if (positionals.length > (command === "lab" ? 1 : 0))
    throw new UsageError(`${command} does not know what to do with "${positionals.at(-1)}"`);
  const path = positionals[0];
  const port = values.port === undefined ? undefined : parsePort(values.port);
  const token = values.token ?? process.env["ARCHITECH_TOKEN"];
  const bus = values.bus ?? process.env["ARCHITECH_BUS"];
  const staticOrigin = values["static-origin"] ?? process.env["ARCHITECH_STATIC_ORIGIN"];
  // A lab is opened in a browser on its machine, without a proxy.
  const userHeader = values["user-header"] ?? (command === "serve" ? process.env["ARCHITECH_USER_HEADER"] : undefined);
  const roles = parseRoles(values.role);
  const alone = roles.find((role) => role === "gateway" || role === "runs");
  if (alone !== undefined && !bus)
    throw new UsageError(`--role ${alone} needs the bus of its cluster: --bus nats://host:4222, or ARCHITECH_BUS`);
  if (!roles.includes("all") && bus && !token)
    throw new UsageError(
      `--role ${values.role} needs the token of its cluster, the same for all: --token, or ARCHITECH_TOKEN`,
    );
  if (values.advertise !== undefined && !/^https?:\/\/[^/?#]+(\/[^?#]*)?$/.test(values.advertise))
    throw new UsageError(`--advertise ${values.advertise}: an address is expected, such as http://10.0.0.7:8888/`);
  const grace = wholeNumber("grace", values.grace, 3_600) ?? (isLoopback(values.ip) ? 0 : 10);
  const trustedProxies = wholeNumber("trusted-proxies", values["trusted-proxies"], 10);
  const user = wholeNumber("user-limit", values["user-limit"], 1e9);
  const address = wholeNumber("address-limit", values["address-limit"], 1e9);
  const maxKept = wholeNumber("keep-runs", values["keep-runs"], 1e6, 1);
  const gibibytes = wholeNumber("keep-gib", values["keep-gib"], 1e6, 1);
  const openLimit = wholeNumber("open-limit", values["open-limit"], 1e6);
  return {
    roles,
    graceMs: grace * 1_000,
    ...(values.advertise === undefined ? {} : { advertise: values.advertise }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(userHeader === undefined || userHeader === "" ? {} : { userHeader }),
    ...(openLimit === undefined ? {} : { openLimit }),
    retention: {
      ...(maxKept === undefined ? {} : { maxKept }),
      ...(gibibytes === undefined ? {} : { maxKeptBytes: gibibytes * 2 ** 30 }),
    },
    rateLimits: { ...(user === undefined ? {} : { user }), ...(address === undefined ? {} : { address }) },
    ip: values.ip,
    ...(port === undefined ? {} : { port }),
    ...(values.root === undefined ? {} : { root: values.root }),
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(token === undefined ? {} : { token }),
    ...(bus === undefined || bus === "" ? {} : { bus }),
    ...(staticOrigin === undefined || staticOrigin === "" ? {} : { staticOrigin }),
    ...(path === undefined ? {} : { path }),
    allowRemote: values["allow-remote"],
    allowHosts: values["allow-host"],
    allowOrigins: values["allow-origin"],
    baseUrl: values["base-url"],
    hidden: values.hidden,
    json: values.json,
    log: parseLogFlags(values),
    browser: values.browser,
    demos: values.demos,
  };
}

/** What `lab` is never told. */
const ofServe: Record<
  "advertise" | "grace" | "trusted-proxies" | "user-header" | "user-limit" | "address-limit" | "open-limit",
  undefined
> & {
  role: string;
} = {
  role: "all",
  advertise: undefined,
  grace: undefined,
  "trusted-proxies": undefined,
  "user-header": undefined,
  "user-limit": undefined,
  "address-limit": undefined,
  "open-limit": undefined,
};

function parseRoles(text: string): readonly Role[] {
  const read = readRoles(text);
  if ("wrong" in read) throw new UsageError(`--role ${text}: ${read.wrong}`);
  return read;
}

function wholeNumber(name: string, text: string | undefined, most: number, least = 0): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name} ${text}: a whole number from ${least} to ${most} is expected`);
  return value;
}

function parse(command: "lab" | "serve", argv: readonly string[]) {
  try {
    const config = { args: [...argv], allowPositionals: true, allowNegative: true } as const;
    if (command === "lab") {
      const { values, positionals } = parseArgs({ ...config, options: labOptions });
      return { values: { ...values, ...ofServe }, positionals };
    }
    const { values, positionals } = parseArgs({ ...config, options: serveOptions });
    return { values: { ...values, browser: false, demos: false }, positionals };
  } catch (error) {
    throw optionError(command, error);
  }
}

/** The number of a port; throws UsageError. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port ${text}: a number from 0 to 65535 is expected`);
  return port;
}
