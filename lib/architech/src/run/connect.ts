import "./libraries.js";
import { provideRuns, type Runs } from "../experiment/stream-source.js";
import { host } from "./host.js";
import { LocalRuns } from "./local-runs.js";
import { withProgressBar } from "./progress-bar.js";
import { RemoteRuns } from "./remote-runs.js";
import { RunsByPlace } from "./runs-by-place.js";

/** A server that runs are sent to. */
export interface Connection {
  readonly url: string;
  /** Sends runs wherever they were sent before. */
  close(): void;
}

interface Server {
  readonly url: string;
  readonly token?: string;
}

const local = new LocalRuns();
const remotes = new Map<string, RemoteRuns>();
let connected: Server | undefined;

/**
 * Sends `run`, `sweep` and `compare` to a server from now on. Without it they go to the server that the notebook runs
 * in, else to the one that ARCHITECH_SERVER (with ARCHITECH_TOKEN) names, else to worker threads of this process. What has
 * custom steps stays in this process, which has their functions.
 */
export function connect(url: string, options: { readonly token?: string } = {}): Connection {
  const before = connected;
  const server: Server = { url, ...options };
  remote(server);
  connected = server;
  return {
    url,
    close() {
      if (connected === server) connected = before;
    },
  };
}

provideRuns(() => {
  const server = connected ?? hostServer() ?? environmentServer();
  const isNotebook = host() !== undefined;
  const runs: Runs = server === undefined ? local : new RunsByPlace(local, remote(server), isNotebook);
  return isNotebook ? runs : withProgressBar(runs);
});

function remote(server: Server): RemoteRuns {
  const key = JSON.stringify([server.url, server.token]);
  let runs = remotes.get(key);
  if (runs === undefined) remotes.set(key, (runs = new RemoteRuns(server)));
  return runs;
}

function hostServer(): Server | undefined {
  return host()?.server;
}

function environmentServer(): Server | undefined {
  const { ARCHITECH_SERVER: url, ARCHITECH_TOKEN: token } = process.env;
  if (url === undefined || url === "") return undefined;
  return { url, ...(token === undefined || token === "" ? {} : { token }) };
}
