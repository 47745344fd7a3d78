import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import WebSocket from "ws";
import { codecV1, v1Subprotocol } from "#src/kernels/codec-v1.js";
import { defaultPolicy } from "#src/kernels/kernel.js";
import { compose, type Header } from "#src/kernels/wire.js";
import { Token } from "#src/security/token.js";
import { type Serving, serve, testKernelspecs } from "../serving.js";

interface Model {
  id: string;
  execution_state: string;
  connections: number;
  reason?: string;
}

/** A bare client of a kernel's WebSocket that collects what it hears. */
class Client {
  readonly heard: {
    channel: string;
    header: Header;
    parent: Partial<Header>;
    content: Record<string, unknown>;
    buffers: readonly Buffer[];
  }[] = [];
  readonly socket: WebSocket;
  /** What its messages name as their session; that of its connection unless told otherwise. */
  session: string;
  #wake: () => void = () => undefined;

  constructor(serving: Serving, id: string, session: string) {
    this.session = session;
    const url = `${serving.server.url.replace("http", "ws")}api/kernels/${id}/channels?session_id=${session}`;
    this.socket = new WebSocket(url, [v1Subprotocol], { headers: { authorization: `token ${serving.server.token}` } });
    this.socket.on("message", (data: Buffer) => {
      const { channel, parts } = codecV1.decode(data, true);
      const parse = (part: Buffer) => JSON.parse(part.toString());
      this.heard.push({
        channel,
        header: parse(parts.header),
        parent: parse(parts.parent),
        content: parse(parts.content),
        buffers: parts.buffers,
      });
      this.#wake();
    });
  }

  async open(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }

  /** Sends an execute request and returns its id. */
  execute(code: string): string {
    return this.send("shell", "execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: true,
      stop_on_error: true,
    });
  }

  send(channel: "shell" | "control" | "stdin", type: string, content: unknown, buffers: Buffer[] = []): string {
    const parts = { ...compose(type, content, this.session), buffers };
    this.socket.send(codecV1.encode(channel, parts));
    return (JSON.parse(parts.header.toString()) as Header).msg_id;
  }

  /** Resolves with the first message, heard already or not, that fits. */
  async until(fits: (message: Client["heard"][number]) => boolean): Promise<Client["heard"][number]> {
    for (let next = 0; ; ) {
      while (next < this.heard.length) {
        const message = this.heard[next++]!;
        if (fits(message)) return message;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  reply(id: string): Promise<Client["heard"][number]> {
    return this.until(({ header, parent }) => header.msg_type === "execute_reply" && parent.msg_id === id);
  }

  status(state: string): Promise<Client["heard"][number]> {
    return this.until(({ header, content }) => header.msg_type === "status" && content["execution_state"] === state);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, "close");
  }
}

describe("kernels", () => {
  let specs: string;
  let serving: Serving;
  before(async () => {
    specs = await testKernelspecs();
    serving = await serve({
      kernelspecFolders: () => [specs],
      kernels: {
        crashes: 2,
        keep: { absent: 2, bytes: 500_000 },
        patience: { ...defaultPolicy.patience, startMs: 10_000, nudgeMs: 50, graceMs: 2_000 },
      },
    });
  });
  after(() => serving.server.close());

  const start = (name = "echo", path = "") => serving.json<Model>("POST", "api/kernels", { name, path });
  const get = (id: string) => serving.json<Model>("GET", `api/kernels/${id}`);
  const stop = (id: string) => serving.json("DELETE", `api/kernels/${id}`);

  it("a kernel starts, runs code, and is gone when shut down, with its connection file", async () => {
    const { id, execution_state } = await start();
    assert.equal(execution_state, "starting");
    const client = await new Client(serving, id, "one").open();
    await client.reply(client.execute("print hello"));
    assert.equal((await client.until(({ header }) => header.msg_type === "stream")).content["text"], "hello");
    assert.equal((await get(id)).connections, 1);
    assert.deepEqual(await readdir(join(serving.data, "runtime")), [`kernel-${id}.json`]);
    await stop(id);
    await client.status("dead");
    assert.equal((await serving.request("GET", `api/kernels/${id}`)).status, 404);
    assert.deepEqual(await readdir(join(serving.data, "runtime")), []);
    await client.close();
  });

  it("a kernel finds its server, its kernelspec's environment, and works beside its document", async () => {
    await serving.json("PUT", "api/contents/deep", { type: "directory" });
    const { id } = await start("echo", "deep/notebook.ipynb");
    const client = await new Client(serving, id, "one").open();
    const printed = async (code: string) => {
      const asked = client.execute(code);
      await client.reply(asked);
      const fits = ({ header, parent }: Client["heard"][number]) =>
        header.msg_type === "stream" && parent.msg_id === asked;
      return (await client.until(fits)).content["text"];
    };
    assert.equal(await printed("env ARCHITECH_SERVER"), serving.server.url);
    assert.equal(await printed("env ARCHITECH_LAB"), serving.server.url);
    assert.equal(await printed("env ARCHITECH_TOKEN"), new Token(serving.server.token).of("architect"));
    assert.equal(await printed("env ECHO_SPEC"), "yes");
    assert.equal(await printed("env JPY_PARENT_PID"), String(process.pid));
    assert.equal(await printed("cwd"), await realpath(join(serving.root, "deep")));
    await stop(id);
    await client.close();
  });

  it("what a kernel says while its client is away is there when the client comes back, once and in order", async () => {
    const { id } = await start();
    const before = await new Client(serving, id, "away").open();
    const watcher = await new Client(serving, id, "watcher").open();
    before.execute("wait");
    const asked = before.execute("flood 200");
    await before.until(({ content }) => content["text"] === "waiting");
    await before.close();
    await serving.json("POST", `api/kernels/${id}/interrupt`);
    // The other client sees the end of it, so all of it has been said.
    await watcher.until(({ content }) => content["text"] === "199\n");
    const after = await new Client(serving, id, "away").open();
    await after.reply(asked);
    await after.until(({ content }) => content["text"] === "199\n");
    const fits = ({ header, parent }: Client["heard"][number]) =>
      header.msg_type === "stream" && parent.msg_id === asked;
    const lines = after.heard.filter(fits).map(({ content }) => content["text"]);
    assert.deepEqual(
      lines,
      Array.from({ length: 200 }, (_, i) => `${i}\n`),
    );
    await stop(id);
  });

  it("what is kept for a client that is away is bounded: the oldest goes", async () => {
    const { id } = await start();
    const before = await new Client(serving, id, "away").open();
    await before.reply(before.execute("print ready"));
    await before.close();
    const watcher = await new Client(serving, id, "watcher").open();
    await watcher.reply(watcher.execute("flood 2000"));
    await watcher.until(({ content }) => content["text"] === "1999\n");
    const after = await new Client(serving, id, "away").open();
    await after.until(({ content }) => content["text"] === "1999\n");
    const lines = after.heard
      .filter(({ header }) => header.msg_type === "stream")
      .map(({ content }) => Number(content["text"]));
    assert.ok(lines.length > 50 && lines.length < 1000, `${lines.length} lines were kept`);
    assert.deepEqual(
      lines,
      Array.from({ length: lines.length }, (_, i) => 2000 - lines.length + i),
    );
    await stop(id);
  });

  it("a second connection with the same session takes over from the first", async () => {
    const { id } = await start();
    const first = await new Client(serving, id, "same").open();
    const closed = once(first.socket, "close");
    const second = await new Client(serving, id, "same").open();
    assert.equal((await closed)[0], 4409);
    await second.reply(second.execute("print mine"));
    await stop(id);
  });

  it("an input request reaches the client that executed, and its answer the kernel", async () => {
    const { id } = await start();
    const asker = await new Client(serving, id, "asker").open();
    const other = await new Client(serving, id, "other").open();
    const asked = asker.execute("input name?");
    const request = await asker.until(({ header }) => header.msg_type === "input_request");
    assert.equal(request.channel, "stdin");
    assert.equal(request.content["prompt"], "name?");
    asker.send("stdin", "input_reply", { status: "ok", value: "Ada" });
    await asker.reply(asked);
    await asker.until(({ content }) => content["text"] === "Ada");
    assert.ok(!other.heard.some(({ header }) => header.msg_type === "input_request"));
    await stop(id);
  });

  it("four hundred clients have one kernel, and each gets its own answer", async () => {
    const { id } = await start();
    const clients: Client[] = [];
    for (let i = 0; i < 400; i++) clients.push(await new Client(serving, id, `client-${i}`).open());
    const asking = clients.filter((_, i) => i % 40 === 39);
    const asked = asking.map((client) => client.execute("print mine"));
    await Promise.all(asking.map((client, i) => client.reply(asked[i]!)));
    for (const client of clients) {
      const replies = client.heard.filter(({ header }) => header.msg_type === "execute_reply");
      assert.deepEqual(
        replies.map(({ parent }) => parent.session),
        asking.includes(client) ? [client.session] : [],
      );
      client.socket.close();
    }
    await stop(id);
  });

  it("a client whose messages name another session than its connection gets its answers", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "connection").open();
    const other = await new Client(serving, id, "other").open();
    client.session = "message";
    await client.reply(client.execute("print mine"));
    client.session = "connection";
    await client.reply(client.execute("print mine"));
    assert.ok(!other.heard.some(({ header }) => header.msg_type === "execute_reply"));
    await stop(id);
  });

  it("binary buffers of a comm come back as they were sent", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "one").open();
    const buffers = [Buffer.from([0, 255, 10, 13]), Buffer.alloc(0), Buffer.alloc(100_000, 7)];
    client.send("shell", "comm_msg", { comm_id: "c", data: { x: 1 } }, buffers);
    const echo = await client.until(({ header }) => header.msg_type === "comm_msg");
    assert.deepEqual(
      echo.buffers.map((buffer) => Buffer.from(buffer)),
      buffers,
    );
    await stop(id);
  });

  it("interrupt by message ends what runs; the kernel stays", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "one").open();
    const asked = client.execute("wait");
    await client.until(({ content }) => content["text"] === "waiting");
    await serving.json("POST", `api/kernels/${id}/interrupt`);
    assert.equal((await client.reply(asked)).content["status"], "error");
    assert.equal((await client.reply(client.execute("print on"))).content["execution_count"], 2);
    await stop(id);
  });

  it("restart begins anew with the clients still there, and is not told as a crash", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "one").open();
    await client.reply(client.execute("print one"));
    const { execution_state } = await serving.json<Model>("POST", `api/kernels/${id}/restart`);
    // It has answered; the last of the questions whether it is there may still be under way.
    assert.match(execution_state, /idle|busy/);
    assert.equal((await client.reply(client.execute("print two"))).content["execution_count"], 1);
    assert.ok(!client.heard.some(({ content }) => content["execution_state"] === "restarting"));
    await stop(id);
  });

  it("restart ends even a kernel that hears nothing any more", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "one").open();
    const asked = client.execute("hang");
    await client.until(({ parent, content }) => parent.msg_id === asked && content["execution_state"] === "busy");
    await serving.json("POST", `api/kernels/${id}/restart`);
    await client.reply(client.execute("print again"));
    await stop(id);
  });

  it("a kernel that crashes is restarted and its clients are told", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "one").open();
    client.execute("crash");
    await client.status("restarting");
    await client.reply(client.execute("print again"));
    assert.match((await get(id)).reason ?? "", /exit code 3: out of luck/);
    await stop(id);
  });

  it("a kernel that crashes again and again is given up", async () => {
    const { id } = await start();
    const client = await new Client(serving, id, "one").open();
    let restarts = 0;
    for (;;) {
      client.execute("crash");
      const seen = client.heard.length;
      const news = await client.until(
        (message) =>
          client.heard.indexOf(message) >= seen && /restarting|dead/.test(String(message.content["execution_state"])),
      );
      if (news.content["execution_state"] === "dead") break;
      restarts += 1;
      // Alive again before the next crash.
      const seenNow = client.heard.length;
      await client.until(
        (message) => client.heard.indexOf(message) >= seenNow && message.content["execution_state"] === "idle",
      );
    }
    assert.equal(restarts, 2);
    assert.equal((await get(id)).execution_state, "dead");
    await serving.json("POST", `api/kernels/${id}/restart`);
    await client.reply(client.execute("print revived"));
    await stop(id);
  });

  it("a kernel that is idle but answers no heartbeat is restarted", async () => {
    // So short that a busy machine may miss beats of a kernel that lives, which then is restarted once more.
    const kernels = { heartbeat: { everyMs: 50, limit: 10 }, crashes: 1_000 };
    const own = await serve({ kernelspecFolders: () => [specs], kernels });
    const { id } = await own.json<Model>("POST", "api/kernels", { name: "echo" });
    const client = await new Client(own, id, "one").open();
    await client.until(({ content }) => content["execution_state"] === "idle");
    client.execute("deaf");
    await client.status("restarting");
    const seen = client.heard.length;
    await client.until(
      (message) => client.heard.indexOf(message) >= seen && message.content["execution_state"] === "idle",
    );
    await own.server.close();
  });

  it("a program that is not there, or ends at once, is told with its reason", async () => {
    const response = await serving.request("POST", "api/kernels", { name: "broken" });
    assert.equal(response.status, 500);
    const error = (await response.json()) as { code: string; message: string };
    assert.equal(error.code, "kernel-not-started");
    assert.match(error.message, /broken.*ENOENT/);
    assert.equal((await serving.request("POST", "api/kernels", { name: "klingon" })).status, 404);

    const { id } = await start("short");
    const client = await new Client(serving, id, "one").open();
    await client.status("dead");
    assert.match((await get(id)).reason ?? "", /exit code 7: no such language/);
    await stop(id);
  });

  it("GET lists the kernels with their state and connections", async () => {
    const { id } = await start();
    const list = await serving.json<Model[]>("GET", "api/kernels");
    assert.deepEqual(
      list.map((kernel) => kernel.id),
      [id],
    );
    await stop(id);
    assert.deepEqual(await serving.json("GET", "api/kernels"), []);
  });

  it("closing the server ends every kernel's process", async () => {
    const own = await serve({ kernelspecFolders: () => [specs] });
    const { id } = await own.json<Model>("POST", "api/kernels", { name: "echo" });
    const client = await new Client(own, id, "one").open();
    await client.reply(client.execute("print on"));
    const closed = once(client.socket, "close");
    await own.server.close();
    assert.ok([1012, 1006].includes((await closed)[0] as number));
    assert.deepEqual(await readdir(join(own.data, "runtime")), []);
  });
});
