import { EventEmitter } from "node:events";
import { Dealer, Subscriber } from "zeromq";
import { addressOf, type Connection } from "#src/jupyter/connection.js";
import { Headers, type Message } from "#src/jupyter/message.js";
import { Wire } from "#src/jupyter/wire.js";

type ChannelName = "shell" | "control" | "stdin";
type Content = Record<string, unknown>;

/** What came of an execute request: the reply, and all that was published for it. */
export interface Executed {
  readonly reply: Message;
  readonly outputs: readonly Message[];
}

/** A Jupyter client, for tests. */
export class Client {
  readonly #wire: Wire;
  readonly #headers = new Headers();
  readonly #sockets: Record<ChannelName, Dealer>;
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #events = new EventEmitter().setMaxListeners(0);
  /** All that was published, in order. */
  readonly published: Message[] = [];
  readonly #replies: Message[] = [];

  constructor(connection: Connection) {
    this.#wire = new Wire(connection.key, connection.signature_scheme);
    const routingId = this.#headers.session;
    this.#sockets = {
      shell: new Dealer({ linger: 0, routingId }),
      control: new Dealer({ linger: 0, routingId }),
      stdin: new Dealer({ linger: 0, routingId }),
    };
    this.#sockets.shell.connect(addressOf(connection, connection.shell_port));
    this.#sockets.control.connect(addressOf(connection, connection.control_port));
    this.#sockets.stdin.connect(addressOf(connection, connection.stdin_port));
    this.#iopub.connect(addressOf(connection, connection.iopub_port));
    this.#iopub.subscribe("");
    for (const socket of Object.values(this.#sockets)) void this.#read(socket, this.#replies);
    void this.#read(this.#iopub, this.published);
  }

  /** Settles once the kernel answers and its publications are heard. */
  async ready(): Promise<void> {
    await Promise.all([
      this.request("kernel_info_request", {}),
      this.heard(({ header }) => header.msg_type === "iopub_welcome"),
    ]);
  }

  /** Sends a request and waits for its reply. */
  async request(type: string, content: Content, channel: ChannelName = "shell"): Promise<Message> {
    const id = this.send(type, content, { channel });
    return this.#when(this.#replies, (message) => message.parent["msg_id" as never] === id);
  }

  /** Sends a message and returns its id. */
  send(
    type: string,
    content: Content,
    options: { channel?: ChannelName; buffers?: Uint8Array[]; parent?: Message["parent"] } = {},
  ): string {
    const { channel = "shell", buffers = [], parent = {} } = options;
    const header = this.#headers.next(type);
    const frames = this.#wire.encode({ identities: [], header, parent, metadata: {}, content, buffers });
    this.sendFrames(frames, channel);
    return header.msg_id;
  }

  /** Sends bytes as they are. */
  sendFrames(frames: Buffer[], channel: ChannelName = "shell"): void {
    const socket = this.#sockets[channel];
    this.#sending[channel] = (this.#sending[channel] ?? Promise.resolve()).then(() => socket.send(frames));
  }

  readonly #sending: Partial<Record<ChannelName, Promise<void>>> = {};

  /** Executes code and waits until the kernel is idle again. */
  async execute(code: string, options: Content = {}): Promise<Executed> {
    return this.executed(this.start(code, options));
  }

  /** Sends an execute request and returns its id. */
  start(code: string, options: Content = {}): string {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: true,
      stop_on_error: true,
    };
    return this.send("execute_request", { ...content, ...options });
  }

  /** Waits for the end of an execute request that was sent. */
  async executed(id: string): Promise<Executed> {
    const mine = (message: Message): boolean => message.parent["msg_id" as never] === id;
    const [reply] = await Promise.all([
      this.#when(this.#replies, (message) => mine(message) && message.header.msg_type === "execute_reply"),
      this.heard((message) => mine(message) && message.content["execution_state"] === "idle"),
    ]);
    return { reply, outputs: this.published.filter(mine) };
  }

  /** Waits for something published, now or before. */
  heard(wanted: (message: Message) => boolean): Promise<Message> {
    return this.#when(this.published, wanted);
  }

  /** Waits for a message on a request channel, now or before. */
  answered(wanted: (message: Message) => boolean): Promise<Message> {
    return this.#when(this.#replies, wanted);
  }

  close(): void {
    for (const socket of [...Object.values(this.#sockets), this.#iopub]) socket.close();
  }

  #when(list: readonly Message[], wanted: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => {
      const look = (): boolean => {
        const found = list.find(wanted);
        if (found) resolve(found);
        return found !== undefined;
      };
      if (look()) return;
      const again = (): void => {
        if (look()) this.#events.off("message", again);
      };
      this.#events.on("message", again);
    });
  }

  async #read(socket: AsyncIterable<Buffer[]>, into: Message[]): Promise<void> {
    for await (const frames of socket) {
      into.push(this.#wire.decode(frames));
      this.#events.emit("message");
    }
  }
}
