import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./places.js";
import { start } from "./program.js";

/** A lab of its own: the real process with a folder of documents and a data folder that nobody has used. */
export interface Lab {
  /** The address without page and token, ending with a slash. */
  readonly url: string;
  readonly token: string;
  /** The folder of documents. */
  readonly documents: string;
  /** A request to its API; throws when it is not answered with success. */
  request(method: string, path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts `architech lab` on a free port. */
export async function startLab(env: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "architech-browser-"));
  const [documents, data] = [join(folder, "documents"), join(folder, "data")];
  await mkdir(documents);
  const program = await start(
    process.execPath,
    [join(root, "server/bin/architech.js"), "lab", "--no-browser", "--json", "--port", "0"].concat(
      ["--root", documents],
      ["--data", data],
    ),
    /^\{.*\}$/,
    { env: { ARCHITECH_TOKEN: "", ARCHITECH_MONGO_URL: "", ...env } },
  );
  const { port, token } = JSON.parse(program.found[0]) as { port: number; token: string };
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    token,
    documents,
    async request(method, path) {
      const response = await fetch(`${url}${path}`, { method, headers: { authorization: `token ${token}` } });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? undefined : response.json();
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
