import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { KernelManager, ServerConnection } from "@jupyterlab/services";
import { WebSocket } from "ws";

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../../..", import.meta.url));

/** A server of its own with its own folders, and a way to start kernels on it. */
export interface Lab {
  readonly kernels: KernelManager;
  stop(): Promise<void>;
}

/** Starts the real server through its command line on a free port. */
export async function startLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "architech-notebooks-"));
  const process_ = spawn(
    process.execPath,
    [join(root, "server/bin/architech.js"), "serve", "--port", "0", "--json", "--root", folder, "--data", folder],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ready = await firstJsonLine(process_);
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: ready.url,
    wsUrl: ready.url.replace(/^http/, "ws"),
    token: ready.token,
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    fetch,
    Request,
    Headers,
    appendToken: true,
  });
  const kernels = new KernelManager({ serverSettings });
  return {
    kernels,
    async stop() {
      kernels.dispose();
      const gone = once(process_, "exit");
      process_.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function firstJsonLine(child: ChildProcess): Promise<{ url: string; token: string }> {
  for await (const line of createInterface({ input: child.stdout! }))
    if (line.startsWith("{")) return JSON.parse(line) as { url: string; token: string };
  throw new Error("the server ended before it was ready");
}
