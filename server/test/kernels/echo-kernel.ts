/**
 * A kernel for tests, without a language: it does what a cell's first word says. Run as `node echo-kernel.js FILE`.
 *
 * print TEXT · result JSON · input PROMPT (prints the answer) · crash · hang (before its reply) · deaf (after its reply) · wait (until
 * it is interrupted) · flood COUNT · env NAME · cwd; a comm message comes back with its buffers.
 */
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { Publisher, Router } from "zeromq";
import type { ConnectionInfo } from "#src/kernels/connection.js";
import { addressOf } from "#src/kernels/connection.js";
import { Outbox } from "#src/kernels/outbox.js";
import { compose, headerOf, type Parts, Signer } from "#src/kernels/wire.js";

const info = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as ConnectionInfo;
const signer = new Signer(info.key);
const sockets = { shell: new Router(), control: new Router(), stdin: new Router(), hb: new Router() };
const iopub = new Publisher({ linger: 1000, sendHighWaterMark: 0 });
const published = new Outbox((frames) => iopub.send(frames));
const outboxes = {
  shell: new Outbox((frames) => sockets.shell.send(frames)),
  control: new Outbox((frames) => sockets.control.send(frames)),
  stdin: new Outbox((frames) => sockets.stdin.send(frames)),
};
let count = 0;
let deaf = false;
let interrupt: () => void = () => undefined;
const answers: ((text: string) => void)[] = [];

// In a thread of its own, since `hang` and `deaf` block this one: nothing is left behind when the tests are killed.
new Worker(
  `const parent = process.ppid; setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 500)`,
  { eval: true },
);

for (const [channel, socket] of Object.entries(sockets)) await socket.bind(addressOf(info, channel as "shell" | "hb"));
await iopub.bind(addressOf(info, "iopub"));
void echo();
void serve("shell");
void serve("control");
void listenToAnswers();

async function echo(): Promise<void> {
  for await (const frames of sockets.hb) await sockets.hb.send(frames);
}

async function serve(channel: "shell" | "control"): Promise<void> {
  for await (const frames of sockets[channel]) {
    const parts = signer.unpack(frames);
    const header = parts && headerOf(parts.header);
    // A question on the other channel must not leave it busy for ever.
    if (!parts || !header || deaf) continue;
    const content = JSON.parse(parts.content.toString()) as Record<string, unknown>;
    const say = (type: string, said: unknown, buffers: Buffer[] = []) =>
      published.post([
        Buffer.from(type),
        ...signer.pack({ ...compose(type, said, info.key.slice(0, 8), header), buffers }),
      ]);
    const reply = (type: string, said: unknown) =>
      outboxes[channel].post([frames[0]!, ...signer.pack(compose(type, said, info.key.slice(0, 8), header))]);
    say("status", { execution_state: "busy" });
    await answer(header.msg_type, content, parts, { say, reply, identity: frames[0]!, header });
    say("status", { execution_state: "idle" });
    if (!deaf) continue;
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([published, ...Object.values(outboxes)].map((outbox) => outbox.drained()));
    for (;;);
  }
}

interface Means {
  say(type: string, said: unknown, buffers?: Buffer[]): void;
  reply(type: string, said: unknown): void;
  identity: Buffer;
  header: unknown;
}

async function answer(type: string, content: Record<string, unknown>, parts: Parts, means: Means): Promise<void> {
  const { say, reply } = means;
  if (type === "kernel_info_request")
    reply("kernel_info_reply", {
      status: "ok",
      protocol_version: "5.4",
      implementation: "echo",
      implementation_version: "1",
      language_info: { name: "echo", version: "1", mimetype: "text/plain", file_extension: ".txt" },
      banner: "",
    });
  if (type === "execute_request") {
    count += 1;
    const status = await execute(String(content["code"]), means);
    reply("execute_reply", {
      status,
      execution_count: count,
      user_expressions: {},
      ename: "",
      evalue: "",
      traceback: [],
    });
  }
  if (type === "comm_open" || type === "comm_msg")
    say("comm_msg", { comm_id: content["comm_id"], data: content["data"] }, [...parts.buffers]);
  if (type === "interrupt_request") {
    interrupt();
    reply("interrupt_reply", { status: "ok" });
  }
  if (type === "shutdown_request") {
    reply("shutdown_reply", { status: "ok", restart: content["restart"] });
    await Promise.all(Object.values(outboxes).map((outbox) => outbox.drained()));
    process.exit(0);
  }
}

async function execute(code: string, { say, identity, header }: Means): Promise<"ok" | "error"> {
  const [word, ...rest] = code.split(" ");
  const text = rest.join(" ");
  const print = (line: string) => say("stream", { name: "stdout", text: line });
  if (word === "print") print(text);
  if (word === "env") print(process.env[text] ?? "");
  if (word === "cwd") print(process.cwd());
  if (word === "result") say("execute_result", { data: { "text/plain": text }, metadata: {}, execution_count: count });
  if (word === "flood") for (let i = 0; i < Number(text); i++) print(`${i}\n`);
  if (word === "crash") {
    process.stderr.write("out of luck\n");
    process.exit(3);
  }
  if (word === "hang") {
    // That it is busy must be on its way first: what still lies in the outbox would never be sent.
    await published.drained();
    for (;;);
  }
  if (word === "deaf") deaf = true;
  if (word === "wait") {
    print("waiting");
    await new Promise<void>((resolve) => {
      interrupt = resolve;
    });
    say("error", { ename: "Interrupted", evalue: "", traceback: [] });
    return "error";
  }
  if (word === "input") {
    const request = compose("input_request", { prompt: text, password: false }, "echo", header);
    outboxes.stdin.post([identity, ...signer.pack(request)]);
    print(await new Promise<string>((resolve) => answers.push(resolve)));
  }
  return "ok";
}

async function listenToAnswers(): Promise<void> {
  for await (const frames of sockets.stdin) {
    const parts = signer.unpack(frames);
    if (parts) answers.shift()?.((JSON.parse(parts.content.toString()) as { value: string }).value);
  }
}
