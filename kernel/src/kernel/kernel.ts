import { ConverterThread } from "../converter/converter-thread.js";
import { Channel } from "../jupyter/channel.js";
import type { Connection } from "../jupyter/connection.js";
import { Iopub } from "../jupyter/iopub.js";
import { Headers, type Message } from "../jupyter/message.js";
import { openSockets, type Sockets } from "../jupyter/sockets.js";
import { Wire } from "../jupyter/wire.js";
import { commInfo, commOf } from "./comm-requests.js";
import { Execution } from "./execution.js";
import { History } from "./history.js";
import { kernelInfo } from "./info.js";
import { Prompts } from "./prompts.js";
import { complete, inspect, isComplete } from "./questions.js";
import { Runner } from "./runner.js";

type Content = Record<string, unknown>;

/** One kernel: it listens on a connection until it is shut down. */
export class Kernel {
  readonly #sockets: Sockets;
  readonly #shell: Channel;
  readonly #control: Channel;
  readonly #stdin: Channel;
  readonly #iopub: Iopub;
  readonly #converter: ConverterThread;
  readonly #runner: Runner;
  readonly #execution: Execution;
  readonly #history = new History();
  readonly #prompts: Prompts;
  #end: () => void = () => {};

  /** Settles when the kernel has been shut down and its last message has left. */
  readonly ended: Promise<void>;

  /** Starts a kernel whose cells run in `folder`. */
  static async start(connection: Connection, folder: string): Promise<Kernel> {
    return new Kernel(await openSockets(connection), connection, folder);
  }

  private constructor(sockets: Sockets, connection: Connection, folder: string) {
    const wire = new Wire(connection.key, connection.signature_scheme);
    const headers = new Headers();
    this.#sockets = sockets;
    this.#shell = new Channel(sockets.shell, wire, headers);
    this.#control = new Channel(sockets.control, wire, headers);
    this.#stdin = new Channel(sockets.stdin, wire, headers);
    this.#iopub = new Iopub(sockets.iopub, wire, headers);
    // what the cells declared is of no use to a checker that does not know of it
    this.#converter = new ConverterThread(folder, () => this.#runner.renew());
    this.#runner = new Runner(folder, this.#iopub, {
      onInputRequest: (request) => this.#prompts.ask(request, this.#runner),
      onLoss: () => {
        this.#prompts.clear();
        void this.#converter.reset();
      },
    });
    this.#execution = new Execution({
      converter: this.#converter,
      runner: this.#runner,
      iopub: this.#iopub,
      history: this.#history,
      reply: (request, content) => {
        this.#prompts.clear();
        this.#shell.send("execute_reply", content, request);
      },
    });
    this.#prompts = new Prompts(this.#stdin, () => this.#execution.current);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#iopub.status("starting", {});
    void this.#iopub.welcome();
    void this.#shell.listen((message) => this.#take(message, this.#shell));
    void this.#control.listen((message) => this.#take(message, this.#control));
    void this.#stdin.listen((message) => this.#prompts.answer(message, this.#runner));
  }

  /** Interrupts the cell that runs, as an `interrupt_request` does. */
  interrupt(): void {
    this.#execution.interrupt();
  }

  /** Ends the kernel and the process of its cells. */
  async close(): Promise<void> {
    this.#runner.close();
    await Promise.all([this.#iopub.drained, this.#shell.drained, this.#control.drained]);
    this.#sockets.close();
    await this.#converter.close();
    this.#end();
  }

  #take(message: Message, channel: Channel): void {
    if (message.header.msg_type === "execute_request") this.#execution.add(message);
    else void this.#answer(message, channel);
  }

  /** Answers a request at once, also while a cell runs. */
  async #answer(message: Message, channel: Channel): Promise<void> {
    const { msg_type: type } = message.header;
    const { header, content } = message;
    this.#iopub.status("busy", header);
    try {
      const reply = await this.#replyTo(type, content, message);
      if (reply) channel.send(type.replace(/_request$/, "_reply"), reply, message);
    } catch (error) {
      const evalue = error instanceof Error ? error.message : String(error);
      if (type.endsWith("_request")) {
        const reply = { status: "error", ename: "KernelError", evalue, traceback: [] };
        channel.send(type.replace(/_request$/, "_reply"), reply, message);
      }
    }
    this.#iopub.status("idle", header);
    if (type === "shutdown_request") await this.close();
  }

  async #replyTo(type: string, content: Content, message: Message): Promise<Content | undefined> {
    switch (type) {
      case "kernel_info_request":
        return kernelInfo;
      case "complete_request":
        return complete(this.#converter, content);
      case "inspect_request":
        return inspect(this.#converter, content);
      case "is_complete_request":
        return isComplete(this.#converter, content);
      case "history_request":
        return { status: "ok", history: this.#history.find(content) };
      case "comm_info_request":
        return commInfo(this.#runner.comms, content["target_name"]);
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        this.#runner.comm(commOf(message));
        return undefined;
      case "interrupt_request":
        this.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content["restart"] === true };
      default:
        throw new Error(`the kernel does not know ${type}`);
    }
  }
}
