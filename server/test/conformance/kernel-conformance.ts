import assert from "node:assert/strict";
import type { Kernel, KernelMessage, Session } from "@jupyterlab/services";
import type { Serving } from "../serving.js";
import { quietly, services, settingsOf } from "./services.js";

/** What a language writes for each thing that a kernel must be able to do. */
export interface Dialect {
  readonly kernel: string;
  /** Prints "hello" on a line. */
  readonly print: string;
  /** Has the result 42. */
  readonly result: string;
  /** Prints "on", then never ends. */
  readonly forever: string;
  /** Throws. */
  readonly fails: string;
  /** Asks "name?" and prints the answer. */
  readonly input: string;
  /** Answers each message on a comm to "echo" by its data and its buffers. */
  readonly echo: string;
  /** Prints what `set` has set, or "gone". */
  readonly set: string;
  readonly get: string;
}

/** Drives a kernel through the server as the lab does, over the default subprotocol or `v1.kernel.websocket.jupyter.org`. */
export function kernelConformance(dialect: Dialect, serving: () => Serving, subprotocol: "default" | "v1"): void {
  let quiet: { restore(): void };
  let kernels: InstanceType<typeof services.KernelManager>;
  let sessions: InstanceType<typeof services.SessionManager>;
  let session: Session.ISessionConnection;
  let kernel: Kernel.IKernelConnection;

  before(async () => {
    quiet = quietly();
    const serverSettings = settingsOf(serving());
    kernels = new services.KernelManager({ serverSettings });
    sessions = new services.SessionManager({ kernelManager: kernels, serverSettings });
    await sessions.ready;
    const protocols: string[] = Object.values(services.KernelMessage.supportedKernelWebSocketProtocols);
    assert.ok(protocols.includes("v1.kernel.websocket.jupyter.org"));
    session = await sessions.startNew(
      { path: `${subprotocol}.ipynb`, name: "", type: "notebook", kernel: { name: dialect.kernel } },
      {
        kernelConnectionOptions: {
          handleComms: true,
          ...({ supportedProtocols: subprotocol === "v1" ? protocols : [] } as object),
        },
      },
    );
    kernel = session.kernel!;
    await kernel.info;
  });
  after(async () => {
    await session?.shutdown();
    sessions.dispose();
    kernels.dispose();
    quiet.restore();
  });

  type Output = { reply: KernelMessage.IExecuteReplyMsg; texts: string[]; types: string[] };
  const run = async (
    code: string,
    on: (message: KernelMessage.IIOPubMessage) => void = () => undefined,
  ): Promise<Output> => {
    const future = kernel.requestExecute({ code });
    const output = { texts: [] as string[], types: [] as string[] };
    future.onIOPub = (message) => {
      output.types.push(message.header.msg_type);
      const { text, data } = message.content as { text?: string; data?: Record<string, string> };
      if (text !== undefined) output.texts.push(text);
      if (data?.["text/plain"] !== undefined) output.texts.push(data["text/plain"]);
      on(message);
    };
    return { reply: await future.done, ...output };
  };

  it("the session names the kernel, and listing shows both", async () => {
    await sessions.refreshRunning();
    assert.ok([...sessions.running()].some(({ path }) => path === `${subprotocol}.ipynb`));
    assert.equal(kernel.name, dialect.kernel);
    assert.equal((await kernel.info).status, "ok");
  });

  it("execute: the reply, and in their order busy, input, output, idle", async () => {
    const { reply, texts, types } = await run(dialect.print);
    assert.equal(reply.content.status, "ok");
    assert.equal(texts.join(""), "hello\n");
    assert.deepEqual(types.filter((type) => type !== "status" || types.indexOf(type) === 0)[0], "status");
    assert.ok(types.includes("execute_input"));
    assert.equal(types.at(-1), "status");
    assert.match((await run(dialect.result)).texts.join(""), /42/);
  });

  it("an error is told and the kernel goes on", async () => {
    const { reply, types } = await run(dialect.fails);
    assert.equal(reply.content.status, "error");
    assert.ok(types.includes("error"));
    assert.equal((await run(dialect.print)).reply.content.status, "ok");
  });

  it("stdin: the kernel asks, the client answers", async () => {
    const future = kernel.requestExecute({ code: dialect.input, allow_stdin: true });
    const texts: string[] = [];
    future.onStdin = (message) => {
      const { prompt } = message.content as { prompt: string };
      assert.equal(prompt, "name?");
      future.sendInputReply({ value: "Ada", status: "ok" }, message.header as never);
    };
    future.onIOPub = ({ content }) => {
      texts.push((content as { text?: string }).text ?? "");
    };
    assert.equal((await future.done).content.status, "ok");
    assert.match(texts.join(""), /Ada/);
  });

  it("comms: messages with binary buffers there and back", async () => {
    assert.equal((await run(dialect.echo)).reply.content.status, "ok");
    const comm = kernel.createComm("echo");
    const echoed = new Promise<KernelMessage.ICommMsgMsg>((resolve) => {
      comm.onMsg = resolve;
    });
    comm.open({});
    const bytes = new Uint8Array([0, 1, 254, 255]);
    const long = new Uint8Array(70_000).fill(9);
    comm.send({ x: [1, "ü"] }, undefined, [bytes, long]);
    const { content, buffers } = await echoed;
    assert.deepEqual(content.data, { x: [1, "ü"] });
    assert.equal(buffers?.length, 2);
    const view = (buffer: ArrayBuffer | ArrayBufferView) =>
      ArrayBuffer.isView(buffer)
        ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
        : new Uint8Array(buffer);
    assert.deepEqual(view(buffers![0]!), bytes);
    assert.deepEqual(view(buffers![1]!), long);
    comm.close();
  });

  it("interrupt ends an endless cell and keeps the state", async () => {
    await run(dialect.set);
    let asked = false;
    const { reply } = await run(dialect.forever, (message) => {
      if (asked || message.header.msg_type !== "stream") return;
      asked = true;
      void kernel.interrupt();
    });
    assert.equal(reply.content.status, "error");
    assert.match((await run(dialect.get)).texts.join(""), /kept/);
  });

  it("restart forgets the state and keeps the session", async () => {
    await kernel.restart();
    const { reply, texts } = await run(dialect.get);
    assert.equal(reply.content.status, "ok");
    assert.match(texts.join(""), /gone/);
    assert.equal(reply.content.execution_count, 1);
  });

  it("completion and inspection are answered", async () => {
    const { content } = await kernel.requestComplete({ code: "par", cursor_pos: 3 });
    assert.equal(content.status, "ok");
    assert.equal((await kernel.requestInspect({ code: "1", cursor_pos: 1, detail_level: 0 })).content.status, "ok");
  });
}
