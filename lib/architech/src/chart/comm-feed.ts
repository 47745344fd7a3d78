import type { StreamSource } from "../experiment/stream-source.js";
import type { Comm, Host } from "./host.js";
import { streamTarget } from "./spec.js";

/** Bytes that may be on their way to the front end, which says how far it has come. */
const windowBytes = 1 << 20;

/** One run's frames on their way to a front end over a comm. */
export interface CommFeed {
  /** Whether a front end has answered that it reads the comm. */
  readonly isRead: boolean;
  /** Resolves when one has. */
  readonly read: Promise<void>;
}

const feeds = new WeakMap<Host, Map<string, CommFeed>>();

/** Sends a run's frames to the front end; a run that several charts show is sent once. */
export function commFeed(host: Host, source: StreamSource): CommFeed {
  let byRun = feeds.get(host);
  if (byRun === undefined) feeds.set(host, (byRun = new Map()));
  let feed = byRun.get(source.run);
  if (feed === undefined) byRun.set(source.run, (feed = open(host, source)));
  return feed;
}

function open(host: Host, source: StreamSource): CommFeed {
  const comm = host.openComm(streamTarget, { run: source.run });
  let heard = (): void => {};
  const feed = { isRead: false, read: new Promise<void>((resolve) => (heard = resolve)) };
  if (comm === undefined) return feed;
  const stop = new AbortController();
  const flow = new Flow();
  comm.onMessage((data) => {
    const { ready, ack } = (data ?? {}) as { ready?: unknown; ack?: unknown };
    if (typeof ack === "number") flow.acknowledge(ack);
    if (ready !== true || feed.isRead) return;
    feed.isRead = true;
    heard();
    void send(comm, source, flow, stop.signal);
  });
  comm.onClose(() => {
    feed.isRead = false;
    stop.abort();
    flow.acknowledge(Infinity);
  });
  return feed;
}

async function send(comm: Comm, source: StreamSource, flow: Flow, signal: AbortSignal): Promise<void> {
  for await (const frame of source.frames(0, signal)) {
    await flow.room();
    if (signal.aborted) return;
    flow.sent(frame.byteLength);
    comm.send({ frames: flow.count }, [frame]);
  }
  if (!signal.aborted) comm.send({ end: await source.done });
}

/** Counts what was sent and what has arrived. */
class Flow {
  count = 0;
  readonly #sizes: number[] = [];
  #arrived = 0;
  #inFlight = 0;
  #wake: (() => void) | undefined;

  sent(bytes: number): void {
    this.count += 1;
    this.#sizes.push(bytes);
    this.#inFlight += bytes;
  }

  /** The front end has taken the first `count` frames. */
  acknowledge(count: number): void {
    const upTo = Math.min(count, this.count);
    for (; this.#arrived < upTo; this.#arrived++) this.#inFlight -= this.#sizes.shift() ?? 0;
    if (count === Infinity) this.#inFlight = 0;
    this.#wake?.();
  }

  /** Resolves when more may be sent. */
  async room(): Promise<void> {
    while (this.#inFlight >= windowBytes) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
