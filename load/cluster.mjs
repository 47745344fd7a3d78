// A cluster of real processes on loopback, started as a person starts one.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@architech/test-tools";
import { startNats } from "../bench/measure/nats.mjs";
import { processTree } from "../bench/measure/process-tree.mjs";
import { started } from "../bench/measure/program.mjs";

const program = fileURLToPath(new URL("../server/bin/architech.js", import.meta.url));
const echoKernel = fileURLToPath(new URL("../server/build/test/kernels/echo-kernel.js", import.meta.url));
const token = "0123456789abcdef0123456789abcdef";

/** The processes of one cluster, each under its role; all of them end with `end`. */
export class Cluster {
  /** Role → process. */
  processes = new Map();
  token = token;
  #folder;
  #nats;
  /** How many of a role were started. */
  #started = new Map();
  #environment;

  constructor(folder) {
    this.#folder = folder;
  }

  /** Starts the bus; undefined when there is no program for it. */
  static async open(folder) {
    if (!existsSync(echoKernel)) throw new Error("the server's tests are not built: npm run build");
    const cluster = new Cluster(folder);
    const nats = startNats(folder, await freePort());
    if (nats === undefined) return undefined;
    cluster.#nats = nats;
    cluster.processes.set("nats", nats);
    await cluster.#prepare();
    return cluster;
  }

  /** `architech serve --role ...`; the address that it printed. */
  async serve(role, ...more) {
    const name = this.#name(role);
    const folders = ["--root", join(this.#folder, "documents"), "--data", join(this.#folder, name)];
    const args = ["serve", "--role", role, "--port", "0", ...folders, ...more];
    return new URL((await this.#start(name, args)).url);
  }

  /** `architech worker` with one thread. */
  worker() {
    return this.#start(this.#name("worker"), ["worker", "--threads", "1"]);
  }

  /** CPU seconds used until now and bytes held, of each process with its children. */
  use() {
    return Object.fromEntries([...this.processes].map(([name, { pid }]) => [name, processTree(pid)]));
  }

  async end() {
    const services = [...this.processes].filter(([name]) => name !== "nats").map(([, process]) => process);
    this.processes.clear();
    await Promise.allSettled(services.map((process) => process.stop()));
    await this.#nats.end();
  }

  /** Folders, a kernel without a language, and nothing of whoever measures. */
  async #prepare() {
    const specs = join(this.#folder, "kernels", "echo");
    await mkdir(specs, { recursive: true });
    await mkdir(join(this.#folder, "documents"), { recursive: true });
    const argv = [process.execPath, echoKernel, "{connection_file}"];
    const spec = { display_name: "Echo", language: "text", interrupt_mode: "message", argv };
    await writeFile(join(specs, "kernel.json"), JSON.stringify(spec));
    const clean = Object.entries(process.env).filter(([name]) => !/^(ARCHITECH|JUPYTER)_/.test(name));
    const own = { ARCHITECH_BUS: this.#nats.url, ARCHITECH_TOKEN: token, JUPYTER_PATH: this.#folder };
    this.#environment = { ...Object.fromEntries(clean), ...own };
  }

  async #start(name, args) {
    const options = { env: this.#environment };
    const started_ = await started(process.execPath, [program, ...args, "--json"], /^\{.*\}$/m, options);
    this.processes.set(name, started_);
    return JSON.parse(started_.found);
  }

  #name(role) {
    const count = (this.#started.get(role) ?? 0) + 1;
    this.#started.set(role, count);
    return count === 1 ? role : `${role} ${count}`;
  }
}
