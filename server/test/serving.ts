import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ArchitechServer, FileDocuments, type ServerOptions, startServer } from "@architech/server";
import { freshFolder } from "./folders.js";

/** A server for tests, and requests to it. */
export interface Serving {
  readonly server: ArchitechServer;
  readonly root: string;
  readonly data: string;
  /** A request with the token, unless `headers` say otherwise; a plain object is sent as JSON. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The same, answered by parsed JSON; throws unless the status is 2xx. */
  json<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
}

/** A folder of kernelspecs with `echo` (interrupted by message) and `broken` (a program that is not there). */
export async function testKernelspecs(): Promise<string> {
  const folder = await freshFolder();
  const echo = fileURLToPath(new URL("kernels/echo-kernel.js", import.meta.url));
  const specs = {
    echo: { argv: [process.execPath, echo, "{connection_file}"], interrupt_mode: "message", env: { ECHO_SPEC: "yes" } },
    broken: { argv: ["/nowhere/at-all", "{connection_file}"] },
    mute: { argv: [process.execPath, "-e", "setInterval(() => {}, 1000)"] },
    short: { argv: [process.execPath, "-e", "console.error('no such language'); process.exit(7)"] },
  };
  for (const [name, spec] of Object.entries(specs)) {
    await mkdir(join(folder, "kernels", name), { recursive: true });
    const file = { display_name: name, language: "text", ...spec };
    await writeFile(join(folder, "kernels", name, "kernel.json"), JSON.stringify(file));
  }
  await writeFile(join(folder, "kernels", "echo", "logo-64x64.png"), "not really");
  return folder;
}

/** Starts a server over fresh folders; it ends with the test or suite that started it. */
export async function serve(options: Partial<ServerOptions> = {}): Promise<Serving> {
  const root = await freshFolder();
  const data = await freshFolder();
  const documents = options.documents ?? new FileDocuments(root);
  const server = await startServer({ data, kernelspecFolders: () => [], ...options, documents });
  const request: Serving["request"] = (method, path, body, headers = {}) =>
    fetch(new URL(path.replace(/^\//, ""), server.url), {
      method,
      redirect: "manual",
      headers: { authorization: `token ${server.token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  return {
    server,
    root,
    data,
    request,
    async json<T>(method: string, path: string, body?: unknown) {
      const response = await request(method, path, body);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
  };
}
