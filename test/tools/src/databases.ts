import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./ports.js";
import { running } from "./running.js";

/** A database of monitoring that was started for a test, on loopback. */
export interface Database {
  readonly url: string;
  /** Has it read its configuration anew. */
  reload(): void;
  /** Ends it; its folder goes with it, unless that was given. */
  stop(): Promise<void>;
}

/** Starts a Prometheus that takes what is written to it; or, in a folder with a `prometheus.yaml`, as that says. */
export async function startPrometheus(program: string, folder?: string): Promise<Database> {
  return started(program, "-/ready", folder, ([port], place) => {
    const own =
      folder === undefined ? ["--web.enable-remote-write-receiver", "--storage.tsdb.retention.time=100y"] : [];
    return {
      file: "prometheus.yaml",
      text: "global: {}\n",
      args: (config) => [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(place, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        ...own,
      ],
    };
  });
}

export async function startInflux(program: string): Promise<Database> {
  return started(program, "ping", undefined, ([port, internal], place) => ({
    file: "influxdb.conf",
    text: `
reporting-disabled = true
bind-address = "127.0.0.1:${internal}"
[meta]
dir = "${place}/meta"
[data]
dir = "${place}/data"
wal-dir = "${place}/wal"
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
[monitor]
store-enabled = false
`,
    args: (config) => ["-config", config],
  }));
}

interface Start {
  readonly file: string;
  readonly text: string;
  readonly args: (config: string) => string[];
}

/** `given`: a folder that has its configuration. */
async function started(
  program: string,
  ready: string,
  given: string | undefined,
  how: (ports: readonly number[], folder: string) => Start,
): Promise<Database> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), "architech-test-")));
  const ports = await freePorts(2);
  const { file, text, args } = how(ports, folder);
  const config = join(folder, file);
  if (given === undefined) await writeFile(config, text);
  const url = `http://127.0.0.1:${ports[0]}`;
  const isReady = async (): Promise<boolean> => (await fetch(`${url}/${ready}`).catch(() => undefined))?.ok === true;
  const program_ = await running(program, args(config), isReady);
  return {
    url,
    reload: () => program_.tell("SIGHUP"),
    async stop() {
      await program_.stop("SIGKILL");
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
