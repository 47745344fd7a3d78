// What users do: each act is one request, or one run or execution with all of its messages.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { RunClient } from "@architech/protocol";
import { oneService } from "@architech/test-tools";
import { WebSocket } from "ws";

const patienceMs = 10_000;
/** A kernel that starts on a busy machine takes longer than anything else. */
export const startPatienceMs = 60_000;

/** How often each is done, in one visit: a notebook is opened, worked with, saved, and a model is run. */
const visit = { page: 1, file: 1, list: 1, read: 1, save: 2, execute: 4, run: 1 };
export const actsOfVisit = Object.values(visit).reduce((sum, count) => sum + count, 0);

/** A visit from its beginning to its end, but for the run, which takes as long as its workers need. */
const order = ["page", "file", "list", "read", "execute", "execute", "save", "execute", "execute", "save"];

/** A small simulation: so many tasks of a few milliseconds. */
export const smallRun = (seed, tasks = 4, until = "20s") => ({
  version: 1,
  kind: "run",
  points: [{ key: {}, change: {} }],
  model: oneService,
  options: { until, warmup: "0s", runs: tasks, seed, confidence: 0.95, series: false, cache: false },
});

const notebook = (cells) => ({
  type: "notebook",
  format: "json",
  content: {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "echo", display_name: "Echo", language: "text" } },
    cells: Array.from({ length: cells }, (_, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source: `print what cell ${i} has to say`,
      execution_count: i + 1,
      outputs: [{ output_type: "stream", name: "stdout", text: `what cell ${i} has to say\n`.repeat(10) }],
    })),
  },
});

/** Users of a cluster: `act` does one thing, and resolves to its kind and its outcome: `ok`, or why not. */
export class Users {
  #url;
  #headers;
  #random;
  #agent = new Agent({ keepAlive: true, maxFreeSockets: 1_000 });
  #kernels = [];
  #runs;
  #file;
  #seed = 1;
  #documents;

  constructor(url, token, { random, documents = 20 }) {
    this.#url = url;
    this.#headers = { authorization: `token ${token}` };
    this.#random = random;
    this.#documents = documents;
    this.#runs = new RunClient({ url: url.href, token, WebSocket });
  }

  /** Writes the notebooks and starts the kernels, as soon as the cluster knows its services. */
  async prepare({ kernels, kernel = "echo" }) {
    await this.#untilThere();
    for (let i = 0; i < this.#documents; i++) {
      const body = JSON.stringify(notebook(20));
      await this.#ask("PUT", `api/contents/notebook-${i}.ipynb`, { body });
    }
    const page = await this.#ask("GET", "lab", { keep: true });
    this.#file = /(?:src|href)="([^"]*static\/lab\/[^"]+\.js)"/.exec(page)?.[1].replace(/^\//, "");
    if (this.#file === undefined) throw new Error("the lab's page names none of its files");
    for (let i = 0; i < kernels; i++) this.#kernels.push(await this.kernel(kernel));
    await this.#runs.start(smallRun(0));
  }

  /** One act, chosen by how often each is done in a visit. */
  async act() {
    let left = this.#random() * actsOfVisit;
    const [kind] = Object.entries(visit).find(([, share]) => (left -= share) < 0);
    return this.#do(kind);
  }

  /** The nth act of a visit without a run, which begins anew when it is over. */
  nth(n) {
    return this.#do(order[n % order.length]);
  }

  async #do(kind) {
    try {
      await this[kind]();
      return { kind, outcome: "ok" };
    } catch (error) {
      const outcome = error.outcome ?? error.code ?? error.name;
      // A WebSocket is refused without words; its client has asked why, and was told when to ask again.
      return { kind, outcome, polite: error.polite ?? (outcome === "overloaded" || outcome === "too-many-requests") };
    }
  }

  page = () => this.#ask("GET", "lab");
  file = () => this.#ask("GET", this.#file);
  list = () => this.#ask("GET", "api/contents/");
  read = () => this.#ask("GET", `api/contents/${this.#someNotebook()}?content=1`);
  save = () => this.#ask("PUT", `api/contents/${this.#someNotebook()}`, { body: JSON.stringify(notebook(20)) });

  /** Starts a run and reads its rows to the end. */
  async run() {
    const body = JSON.stringify(smallRun(this.#seed++));
    const { id } = JSON.parse(await this.#ask("POST", "api/runs", { body, keep: true }));
    let frames = 0;
    for await (const _ of this.#runs.stream(id, { signal: AbortSignal.timeout(patienceMs) })) frames++;
    if (frames === 0) throw refused("timeout");
  }

  /** Runs a cell: from the request to the kernel's reply. */
  async execute() {
    const kernel = this.#kernels[Math.floor(this.#random() * this.#kernels.length)];
    await kernel.run("print hello");
  }

  close() {
    for (const { socket } of this.#kernels) socket.terminate();
    this.#agent.destroy();
  }

  async #untilThere() {
    const end = performance.now() + patienceMs;
    for (const path of ["api/contents/", "api/kernelspecs", "api/runs"])
      for (let there = false; !there; )
        there = await this.#ask("GET", path).then(
          () => true,
          async (error) => {
            if (!error.polite || performance.now() > end) throw error;
            await new Promise((resolve) => setTimeout(resolve, 200));
          },
        );
  }

  #someNotebook() {
    return `notebook-${Math.floor(this.#random() * this.#documents)}.ipynb`;
  }

  /** Starts a kernel, and resolves when it answers: `run` runs a cell in it, `end` ends it. */
  async kernel(name) {
    const { id } = JSON.parse(await this.#ask("POST", "api/kernels", { body: JSON.stringify({ name }), keep: true }));
    const address = new URL(`api/kernels/${id}/channels?session_id=${randomUUID()}`, this.#url);
    address.protocol = "ws:";
    const socket = new WebSocket(address, { headers: this.#headers, perMessageDeflate: false });
    await once(socket, "open");
    const kernel = new Kernel(socket, () => this.#ask("DELETE", `api/kernels/${id}`));
    await kernel.ask("kernel_info_request", {}, startPatienceMs);
    return kernel;
  }

  /** The body of an answer, or only its arrival; throws what it was refused with. */
  #ask(method, path, { body, keep = false } = {}) {
    return new Promise((resolve, reject) => {
      const headers = {
        ...this.#headers,
        "accept-encoding": "br",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const options = { method, headers, agent: this.#agent, signal: AbortSignal.timeout(patienceMs) };
      const request = httpRequest(new URL(path, this.#url), options, (response) => {
        const parts = [];
        response.on("data", (part) => keep && parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode } = response;
          if (statusCode < 400) resolve(Buffer.concat(parts).toString());
          else reject(refused(String(statusCode), response.headers["retry-after"]));
        });
      });
      request.on("error", (error) => reject(error.name === "AbortError" ? refused("timeout") : error));
      request.end(body);
    });
  }
}

/** A refusal is polite where it says that it is one, and when to ask again. */
function refused(outcome, retryAfter) {
  const polite = (outcome === "429" || outcome === "503") && retryAfter !== undefined;
  return Object.assign(new Error(outcome), { outcome, polite });
}

/** One kernel's socket, over which many ask. */
class Kernel {
  #waiting = new Map();
  #session = randomUUID();

  constructor(socket, end) {
    this.socket = socket;
    this.end = end;
    socket.on("message", (data) => {
      const { header, parent_header, content } = JSON.parse(data);
      if (header.msg_type.endsWith("_reply")) this.#waiting.get(parent_header.msg_id)?.(content);
    });
    socket.on("error", () => {});
  }

  /** Runs a cell. Throws what the kernel says is wrong with it. */
  async run(code, patience) {
    const content = { code, silent: false, store_history: true };
    const { status, ename, evalue } = await this.ask("execute_request", content, patience);
    if (status !== "ok") throw new Error(`${ename}: ${evalue}`);
  }

  /** The content of the answer. */
  ask(type, content, patience = patienceMs) {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, session: this.#session, username: "load", date, msg_type: type, version: "5.3" };
    return new Promise((resolve, reject) => {
      const over = setTimeout(() => {
        this.#waiting.delete(id);
        reject(refused("timeout"));
      }, patience);
      this.#waiting.set(id, (answer) => {
        clearTimeout(over);
        this.#waiting.delete(id);
        resolve(answer);
      });
      this.socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content }));
    });
  }
}
