import { type ParseArgsConfig, parseArgs } from "node:util";
import { optionError, UsageError } from "./command.js";

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
  readonly hidden: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
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
  hidden: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
} satisfies ParseArgsConfig["options"];

const labOptions = {
  ...options,
  browser: { type: "boolean", default: true },
  demos: { type: "boolean", default: true },
} satisfies ParseArgsConfig["options"];

/** What `--help` says of the options that `lab` and `serve` share. */
export const flagsHelp = `  --root FOLDER        the documents (default: the current folder; of Architech's own
                       checkout: a folder in the data folder)
  --data FOLDER        settings, runs and the like (default: ARCHITECH_DATA, or the
                       platform's place for a program's data)
  --port NUMBER        default 8888, or the next free one; 0 takes any
  --ip ADDRESS         the address to listen on (default 127.0.0.1)
  --allow-remote       needed to listen on an address that other machines reach
  --allow-host NAME    another name that a Host header may give, such as a proxy's
  --allow-origin URL   another origin whose pages may use this server
  --base-url PATH      where the server starts in its host's addresses (default /)
  --token TOKEN        instead of a random one (also ARCHITECH_TOKEN)
  --bus URL            let the workers of a cluster simulate (nats://host:4222; also
                       ARCHITECH_BUS) and not this process
  --hidden             show and serve files whose names start with a dot
  --json               print one line of JSON when ready: url, token, port, root, data, pid
  --verbose            say more on standard error

Environment: ARCHITECH_BUS, ARCHITECH_DATA, ARCHITECH_TOKEN, ARCHITECH_MONGO_URL (documents in MongoDB
instead of files), JUPYTER_PATH (where else kernelspecs are).
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
  return {
    ip: values.ip,
    ...(port === undefined ? {} : { port }),
    ...(values.root === undefined ? {} : { root: values.root }),
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(token === undefined ? {} : { token }),
    ...(bus === undefined || bus === "" ? {} : { bus }),
    ...(path === undefined ? {} : { path }),
    allowRemote: values["allow-remote"],
    allowHosts: values["allow-host"],
    allowOrigins: values["allow-origin"],
    baseUrl: values["base-url"],
    hidden: values.hidden,
    json: values.json,
    verbose: values.verbose,
    browser: values.browser,
    demos: values.demos,
  };
}

function parse(command: "lab" | "serve", argv: readonly string[]) {
  try {
    const config = { args: [...argv], allowPositionals: true, allowNegative: true } as const;
    if (command === "lab") return parseArgs({ ...config, options: labOptions });
    const { values, positionals } = parseArgs({ ...config, options });
    return { values: { ...values, browser: false, demos: false }, positionals };
  } catch (error) {
    throw optionError(command, error);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port ${text}: a number from 0 to 65535 is expected`);
  return port;
}
