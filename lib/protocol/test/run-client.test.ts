import assert from "node:assert/strict";
import {
  ArchitechError,
  encodeControl,
  encodeFrame,
  RunClient,
  type ServerMessage,
  type SocketLike,
} from "@architech/protocol";

type Listener = (event: { data?: unknown; code?: number }) => void;

/** A socket whose server side is this test: each one is taken up by the next of the scripts. */
class FakeSocket implements SocketLike {
  static scripts: ((socket: FakeSocket) => void)[] = [];
  static urls: string[] = [];
  binaryType = "blob";
  readyState = 0;
  readonly sent: Uint8Array[] = [];
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string) {
    FakeSocket.urls.push(url);
    const script = FakeSocket.scripts.shift();
    queueMicrotask(() => script?.(this));
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.emit("close", { code: 1000 });
  }

  emit(type: string, event: { data?: unknown; code?: number }): void {
    if (type === "open") this.readyState = 1;
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  control(message: ServerMessage): void {
    this.emit("message", { data: encodeControl(message).buffer });
  }

  frame(seq: number, flags = 0, table = 0): void {
    this.emit("message", { data: encodeFrame({ table, flags, seq }, new Uint8Array(8)).buffer });
  }
}

const client = new RunClient({
  url: "http://localhost:1/base",
  token: "t",
  WebSocket: FakeSocket,
  backoff: { firstMs: 0, capMs: 0, attempts: 2 },
  fetch: async () =>
    new Response(JSON.stringify({ code: "login-required", message: "a token is needed" }), { status: 403 }),
});

async function collect(scripts: ((socket: FakeSocket) => void)[], offset = 0, thin = false): Promise<number[]> {
  FakeSocket.scripts = scripts;
  FakeSocket.urls = [];
  const seqs: number[] = [];
  for await (const frame of client.stream("run-12345", { offset, thin }))
    seqs.push(new DataView(frame.buffer).getUint32(4, true));
  return seqs;
}

describe("RunClient.stream()", () => {
  it("yields the frames and ends with the run", async () => {
    const seqs = await collect([
      (socket) => {
        socket.emit("open", {});
        socket.frame(0, 1);
        socket.frame(1);
        socket.control({ type: "end", state: "done" });
      },
    ]);
    assert.deepEqual(seqs, [0, 1]);
    assert.equal(FakeSocket.urls[0], "ws://localhost:1/base/api/runs/run-12345/stream?offset=0&token=t");
  });

  it("a dropped connection is opened again where it broke off, and no frame comes twice", async () => {
    const seqs = await collect([
      (socket) => {
        socket.emit("open", {});
        for (const [seq, flags] of [
          [0, 1],
          [1, 0],
          [2, 0],
        ] as const)
          socket.frame(seq, flags);
        socket.emit("close", { code: 1006 });
      },
      (socket) => {
        socket.emit("open", {});
        socket.frame(0, 1);
        socket.frame(3);
        socket.control({ type: "end", state: "done" });
      },
    ]);
    assert.deepEqual(seqs, [0, 1, 2, 3]);
    assert.match(FakeSocket.urls[1] ?? "", /offset=3/);
  });

  it("a reader that begins in the middle is given the schemas of earlier tables", async () => {
    const seqs = await collect(
      [
        (socket) => {
          socket.emit("open", {});
          socket.frame(0, 1);
          socket.frame(5);
          socket.control({ type: "end", state: "done" });
        },
      ],
      5,
    );
    assert.deepEqual(seqs, [0, 5]);
  });

  it("what was taken is acknowledged", async () => {
    let open: FakeSocket | undefined;
    await collect([
      (socket) => {
        open = socket;
        socket.emit("open", {});
        socket.frame(0, 1);
        const isAcknowledged = (): unknown =>
          socket.sent.length > 0 ? socket.control({ type: "end", state: "done" }) : setImmediate(isAcknowledged);
        isAcknowledged();
      },
    ]);
    assert.deepEqual(open?.sent, [encodeControl({ type: "ack", seq: 0 })]);
  });

  it("an error of the server is thrown with its code", async () => {
    const stream = collect([
      (socket) => {
        socket.emit("open", {});
        socket.control({ type: "error", code: "run-not-found", message: "there is no run" });
      },
    ]);
    await assert.rejects(stream, (error) => error instanceof ArchitechError && error.code === "run-not-found");
  });

  it("a missing frame is an error, not a gap", async () => {
    await assert.rejects(
      collect([
        (socket) => {
          socket.emit("open", {});
          socket.frame(4);
        },
      ]),
      (error) => error instanceof ArchitechError && error.code === "bad-frame",
    );
  });

  it("a frame that stands for several is followed by the one after them, also over a new connection", async () => {
    const seqs = await collect(
      [
        (socket) => {
          socket.emit("open", {});
          socket.frame(0, 1, 1);
          socket.frame(0, 3, 5);
          socket.control({ type: "thinned", from: 1, to: 5, intervals: 10 });
          socket.frame(4, 2, 5);
          socket.frame(5);
          socket.control({ type: "thinned", from: 6, to: 9, intervals: 10 });
          socket.emit("close", { code: 1006 });
        },
        (socket) => {
          socket.emit("open", {});
          socket.frame(0, 1, 1);
          socket.frame(5, 3, 5);
          socket.control({ type: "thinned", from: 6, to: 8, intervals: 100 });
          socket.frame(7, 2, 5);
          socket.frame(8);
          socket.control({ type: "end", state: "done" });
        },
      ],
      0,
      true,
    );
    assert.deepEqual(seqs, [0, 0, 4, 5, 7, 8]);
    assert.ok(FakeSocket.urls.every((url) => url.includes("thin=1")));
    assert.match(FakeSocket.urls[1]!, /offset=6&/);
  });

  it("frames that come as one unasked, or leave others out, are an error", async () => {
    for (const [thin, from] of [
      [false, 0],
      [true, 1],
    ] as const)
      await assert.rejects(
        collect(
          [
            (socket) => {
              socket.emit("open", {});
              socket.control({ type: "thinned", from, to: 5, intervals: 10 });
              socket.frame(4, 2, 5);
            },
          ],
          0,
          thin,
        ),
        (error) => error instanceof ArchitechError && error.code === "bad-frame",
      );
  });

  it("a refused handshake is explained by the same question over HTTP", async () => {
    await assert.rejects(
      collect([(socket) => socket.emit("close", { code: 1006 })]),
      (error) => error instanceof ArchitechError && error.code === "login-required",
    );
  });

  it("asks again while no service is there, and tells at last that none was", async () => {
    const fetch = async () =>
      new Response(JSON.stringify({ code: "service-unavailable", message: "ask again" }), { status: 503 });
    const refuse = (socket: FakeSocket): void => socket.emit("close", { code: 1006 });
    const backoff = { firstMs: 0, capMs: 0, attempts: 4 };
    const patient = new RunClient({ url: "http://localhost:1/base", WebSocket: FakeSocket, backoff, fetch });
    FakeSocket.scripts = [
      refuse,
      refuse,
      (socket) => {
        socket.emit("open", {});
        socket.control({ type: "error", code: "service-unavailable", message: "its service does not answer" });
        socket.emit("close", { code: 1013 });
      },
      (socket) => {
        socket.emit("open", {});
        socket.frame(0, 1);
        socket.control({ type: "end", state: "done" });
      },
    ];
    let frames = 0;
    for await (const _ of patient.stream("run-12345")) frames++;
    assert.equal(frames, 1);
    FakeSocket.scripts = Array.from({ length: 9 }, () => refuse);
    await assert.rejects(
      async () => {
        for await (const _ of patient.stream("run-12345"));
      },
      (error) => error instanceof ArchitechError && error.code === "service-unavailable",
    );
  });

  it("gives up after the attempts of its backoff", async () => {
    const drop = (socket: FakeSocket): void => {
      socket.emit("open", {});
      socket.emit("close", { code: 1006 });
    };
    await assert.rejects(
      collect([drop, drop, drop, drop]),
      (error) => error instanceof ArchitechError && error.code === "server-unreachable",
    );
    assert.equal(FakeSocket.urls.length, 3);
  });

  it("an address that is none is refused at once", () => {
    assert.throws(
      () => new RunClient({ url: "localhost" }),
      (error) => error instanceof ArchitechError && error.code === "invalid-argument",
    );
  });
});
