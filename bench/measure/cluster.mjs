// A cluster of real processes on loopback, started as a person starts one.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@architech/test-tools";
import { startNats } from "./nats.mjs";
import { processTree } from "./process-tree.mjs";
import { started } from "./program.mjs";

const program = fileURLToPath(new URL("../../server/bin/architech.js", import.meta.url));
/** As in the image of every role. */
const heap = "--initial-heap-size=128";
const token = "0123456789abcdef0123456789abcdef";

/** The processes of one cluster, each under its role; all of them end with `end`. */
export class Cluster {
  /** Role → process. */
  processes = new Map();
  token = token;
  #folder;
  #nats;
  #environment;
  #node;
  /** Role → with what it was started, and where it listens. */
  #how = new Map();
  /** CPU seconds of processes that were killed, by role. */
  #gone = {};

  /** Starts the bus; undefined when there is no program for it. `environment` and `node`: variables and options of all services. */
  static async open(folder, { environment = {}, node = [] } = {}) {
    const cluster = new Cluster();
    const nats = startNats(folder, await freePort());
    if (nats === undefined) return undefined;
    cluster.#folder = folder;
    cluster.#nats = nats;
    cluster.#node = node;
    cluster.busUrl = nats.url;
    cluster.processes.set("nats", nats);
    await mkdir(join(folder, "documents"), { recursive: true });
    // Nothing of whoever measures.
    const clean = Object.entries(process.env).filter(([name]) => !/^(ARCHITECH|JUPYTER)_/.test(name));
    const own = { ARCHITECH_BUS: nats.url, ARCHITECH_TOKEN: token, ...environment };
    cluster.#environment = { ...Object.fromEntries(clean), ...own };
    return cluster;
  }

  /** `architech serve --role ...`; the address that it printed. */
  async serve(role, ...more) {
    const name = this.#name(role);
    const folders = ["--root", join(this.#folder, "documents"), "--data", join(this.#folder, name)];
    const args = ["serve", "--role", role, ...folders, ...more];
    return new URL((await this.#start(name, [...args, "--port", String(await freePort())])).url);
  }

  /** `architech worker` with one thread. */
  worker() {
    return this.#start(this.#name("worker"), ["worker", "--threads", "1"]);
  }

  /** Kills one without a warning, and starts it again: a service where it listened before. */
  async killAndStart(name) {
    const { pid, stop } = this.processes.get(name);
    const { cpu } = processTree(pid);
    this.#gone[name] = (this.#gone[name] ?? 0) + cpu;
    process.kill(pid, "SIGKILL");
    await stop();
    await this.#start(name, this.#how.get(name));
  }

  /** Ends one. */
  async stop(name) {
    const { stop } = this.processes.get(name);
    this.processes.delete(name);
    await stop();
  }

  /** CPU seconds used until now and bytes held, of each process with its children. */
  use() {
    return Object.fromEntries(
      [...this.processes].map(([name, { pid }]) => {
        const { cpu, bytes } = processTree(pid);
        return [name, { cpu: cpu + (this.#gone[name] ?? 0), bytes }];
      }),
    );
  }

  async end() {
    const services = [...this.processes].filter(([name]) => name !== "nats").map(([, process]) => process);
    this.processes.clear();
    await Promise.allSettled(services.map((process) => process.stop()));
    await this.#nats.end();
  }

  async #start(name, args) {
    this.#how.set(name, args);
    const options = { env: this.#environment };
    const started_ = await started(
      process.execPath,
      [heap, ...this.#node, program, ...args, "--json"],
      /^\{.*\}$/m,
      options,
    );
    this.processes.set(name, started_);
    return JSON.parse(started_.found);
  }

  #name(role) {
    const count = [...this.#how.keys()].filter((name) => name.split(" ")[0] === role).length + 1;
    const name = count === 1 ? role : `${role} ${count}`;
    this.#how.set(name, []);
    return name;
  }
}
