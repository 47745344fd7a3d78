import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, running } from "@architech/test-tools";
import { token } from "../cluster/processes.js";
import { freshFolder } from "../folders.js";

/** The configurations that are shipped, each with what of it stands for a real place. */
export const proxies = {
  nginx: {
    file: "nginx.conf",
    args: (config: string, folder: string) => ["-p", folder, "-c", config, "-g", "daemon off; error_log stderr;"],
    fit: (text: string, at: Fit) =>
      changed(text, [
        ["listen 443 ssl;", `listen 127.0.0.1:${at.port} ssl;`],
        ["pid /run/nginx.pid;", `pid ${at.folder}/nginx.pid;`],
        ["/etc/ssl/architech.pem", at.certificate],
        ["/etc/ssl/architech.key", at.key],
        ["gateway-1.internal:8888", at.gateways[0]],
        ["gateway-2.internal:8888", at.gateways[1]],
      ]),
    logIn: (text: string, at: Fit) =>
      changed(text, [
        ['      proxy_set_header X-Forwarded-User "";\n', ""],
        ["# auth_basic ", "auth_basic "],
        ["# auth_basic_user_file /etc/nginx/people", `auth_basic_user_file ${at.people}`],
        ["# proxy_set_header Authorization", "proxy_set_header Authorization"],
        ["THE-TOKEN-OF-THE-CLUSTER", token],
        ["# proxy_set_header X-Forwarded-User", "proxy_set_header X-Forwarded-User"],
      ]),
  },
  haproxy: {
    file: "haproxy.cfg",
    args: (config: string) => ["-db", "-f", config],
    fit: (text: string, at: Fit) =>
      changed(text, [
        // What it may open must fit what the machine that tests allows.
        ["maxconn 16384", "maxconn 512"],
        ["bind :443", `bind 127.0.0.1:${at.port}`],
        ["/etc/ssl/architech-with-key.pem", at.both],
        ["gateway-1.internal:8888", at.gateways[0]],
        ["gateway-2.internal:8888", at.gateways[1]],
      ]),
    logIn: (text: string) =>
      changed(text, [
        ["# http-request auth", "http-request auth"],
        ["# http-request set-header X-Forwarded-User", "http-request set-header X-Forwarded-User"],
        ["# http-request set-header Authorization", "http-request set-header Authorization"],
        ["THE-TOKEN-OF-THE-CLUSTER", token],
        ["# userlist people", "userlist people"],
        [
          "#   user alice password $5$...",
          people.map(([name, password]) => `  user ${name} insecure-password ${password}`).join("\n"),
        ],
      ]),
  },
} as const;

/** Whom a proxy logs in that does so, with their passwords. */
export const people: readonly [[string, string], [string, string]] = [
  ["alice", "of-alice"],
  ["bob", "of-bob"],
];

/** What stands for the places of a configuration. */
interface Fit {
  readonly folder: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  readonly both: string;
  readonly gateways: readonly [string, string];
  /** A file of people and their passwords. */
  readonly people: string;
}

/** A proxy that runs, on loopback, with a certificate of its own. */
export interface RunningProxy {
  readonly port: number;
  /** What it signs with, for who wants to trust it. */
  readonly ca: string;
  stop(): Promise<void>;
}

/** Starts a proxy with the configuration that is shipped, changed only where it says so; one that logs people in, if that is wanted. */
export async function startProxy(
  name: keyof typeof proxies,
  program: string,
  gateways: readonly [string, string],
  { logsIn = false }: { readonly logsIn?: boolean } = {},
): Promise<RunningProxy> {
  const folder = await freshFolder();
  const { file, args, fit, logIn } = proxies[name];
  const shipped = await readFile(fileURLToPath(new URL(`../../../../deploy/proxies/${file}`, import.meta.url)), "utf8");
  const [port, certificate] = await Promise.all([freePort(), selfSigned(folder)]);
  const config = join(folder, file);
  await mkdir(join(folder, "logs"), { recursive: true });
  const at: Fit = { folder, port, gateways, ...certificate, people: join(folder, "people") };
  // What reads it is not who started the proxy.
  await chmod(folder, 0o755);
  await writeFile(at.people, people.map(([who, password]) => `${who}:{PLAIN}${password}\n`).join(""));
  await writeFile(config, logsIn ? logIn(fit(shipped, at), at) : fit(shipped, at));
  const proxy = await running(program, args(config, folder), () => isOpen(port));
  return { port, ca: await readFile(certificate.certificate, "utf8"), stop: () => proxy.stop() };
}

/** Replaces each of these; one that is not there means that the test no longer fits what is shipped. */
function changed(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((so, [from, to]) => {
    if (!so.includes(from)) throw new Error(`the configuration has no "${from}"`);
    return so.replace(from, to);
  }, text);
}

async function selfSigned(folder: string): Promise<{ certificate: string; key: string; both: string }> {
  const [certificate, key, both] = ["cert.pem", "key.pem", "both.pem"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await promisify(execFile)("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", certificate]);
  await writeFile(both, (await readFile(certificate, "utf8")) + (await readFile(key, "utf8")));
  return { certificate, key, both };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const open = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return open;
}
