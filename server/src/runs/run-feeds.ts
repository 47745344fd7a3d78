import type { RunInfo } from "@architech/protocol";
import type { RunHost } from "architech/host";
import { PieceCache } from "./piece-cache.js";
import { RunFeed } from "./run-feed.js";

/** The runs that are being read here: one feed for all readers of a run. */
export class RunFeeds {
  readonly #host: RunHost;
  readonly #cache: PieceCache;
  readonly #feeds = new Map<string, { readonly feed: RunFeed; readers: number }>();

  constructor(host: RunHost, cacheBytes: number) {
    this.#host = host;
    this.#cache = new PieceCache(cacheBytes);
  }

  /** Bytes that are kept for readers who are behind. */
  get cachedBytes(): number {
    return this.#cache.bytes;
  }

  /** Calls with the feed of a run, which ends when the last of such calls has. */
  async with<T>({ id, created }: RunInfo, use: (feed: RunFeed) => Promise<T>): Promise<T> {
    // One that was deleted and started anew under its name is another run.
    const key = `${id}.${created}`;
    const used = this.#feeds.get(key) ?? { feed: new RunFeed(this.#host, id, this.#cache), readers: 0 };
    this.#feeds.set(key, used);
    used.readers++;
    try {
      return await use(used.feed);
    } finally {
      if (--used.readers === 0) {
        this.#feeds.delete(key);
        used.feed.close();
      }
    }
  }
}
