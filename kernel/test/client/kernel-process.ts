import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@architech/test-tools";
import type { Connection } from "#src/jupyter/connection.js";
import { kernelCommand } from "#src/spec/command.js";
import { Client } from "./client.js";

/** A real kernel process with a client, in a folder of its own. */
export interface KernelProcess {
  readonly folder: string;
  readonly connection: Connection;
  readonly client: Client;
  readonly process: ChildProcess;
  /** What the kernel wrote on its standard error. */
  errors(): string;
  close(): Promise<void>;
}

/** Writes a connection file for a kernel that is about to start. */
export async function connectionFile(folder: string): Promise<{ path: string; connection: Connection }> {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const connection: Connection = {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
  };
  const path = join(folder, "connection.json");
  writeFileSync(path, JSON.stringify(connection));
  return { path, connection };
}

/** Starts a kernel and waits until it answers. */
export async function startKernel(env: NodeJS.ProcessEnv = {}): Promise<KernelProcess> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "architech-kernel-")));
  const { path, connection } = await connectionFile(folder);
  const [command, ...args] = kernelCommand(path) as [string, ...string[]];
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "pipe"],
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "exit");
  const client = new Client(connection);
  await client.ready();
  return {
    folder,
    connection,
    client,
    process: child,
    errors: () => errors,
    close: async () => {
      client.close();
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
