import { ArchitechError } from "@architech/protocol";
import type { LiveRows } from "../experiment/live-rows.js";
import { type Row, type View, type ViewSpec, view } from "../experiment/view.js";
import { chartBundle } from "./bundle.js";
import { type CommFeed, commFeed } from "./comm-feed.js";
import type { Host } from "./host.js";
import { keptRows } from "./kept-rows.js";
import type { ChartDocument, ChartSpec, ChartState } from "./spec.js";
import { standAloneSvg } from "./stand-alone.js";

/** A source of a chart with the narrowed view that the chart needs. */
export interface LiveSource {
  readonly rows: LiveRows<unknown>;
  readonly view: ViewSpec;
}

/** At most two pictures a second where the front end cannot draw by itself. */
const pictureEveryMs = 500;

/** The rows of a chart's sources as they come, and how it ended. */
export class LiveChart {
  readonly spec: ChartSpec;
  readonly #sources: readonly LiveSource[];
  readonly #views: readonly View[];
  readonly #runs: readonly string[];
  #state: ChartState = "live";
  #error: { code: string; message: string } | undefined;
  /** Resolves when the last source is over. Never rejects. */
  readonly over: Promise<void>;
  /** Resolves when each source has given its first frame, or the last is over. */
  readonly #begun: Promise<void>;
  /** Resolves when a front end draws the chart by itself. */
  readonly isRead: Promise<void>;
  #read: () => void = () => {};
  #changed = false;

  constructor(spec: ChartSpec, sources: readonly LiveSource[]) {
    this.spec = spec;
    this.#sources = sources;
    this.#views = sources.map((source) => view(source.view));
    this.#runs = sources.map(({ rows }) => rows.source.run);
    this.isRead = new Promise((resolve) => (this.#read = resolve));
    let begin = (): void => {};
    this.#begun = new Promise((resolve) => (begin = resolve));
    this.over = this.#take(begin).finally(begin);
  }

  get state(): ChartState {
    return this.#state;
  }

  rows(): readonly (readonly Row[])[] {
    return this.#views.map((rows, i) => keptRows((this.#sources[i] as LiveSource).view, rows.rows()));
  }

  document(withRows: boolean): ChartDocument {
    const rows = withRows ? this.rows() : [];
    const sources = this.#sources.map(({ view }, i) => ({
      run: this.#runs[i] as string,
      view,
      ...(withRows ? { rows: rows[i] ?? [] } : {}),
    }));
    return {
      version: 1,
      spec: this.spec,
      sources,
      state: this.#state,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  /** Shows the chart in a notebook and keeps it up to date there until its runs are over. */
  async show(host: Host): Promise<void> {
    const displayId = `architech-${crypto.randomUUID()}`;
    const served = this.#sources.filter(({ rows }) => isServedBy(host, rows));
    host.display(
      chartBundle({ ...this.document(false), ...(served.length > 0 ? { starting: true } : {}) }, undefined),
      { displayId },
    );
    const renew = async (withPicture: boolean): Promise<void> => {
      const svg = withPicture
        ? await standAloneSvg(this.spec, this.rows(), { live: this.#state === "live" }).catch(() => undefined)
        : undefined;
      host.display(chartBundle(this.document(true), svg), { displayId, update: true });
    };
    const feeds = this.#sources
      .filter((source) => !served.includes(source))
      .map(({ rows }) => commFeed(host, rows.source));
    if (this.#sources.length > 0) void Promise.all(feeds.map(({ read }) => read)).then(this.#read);
    const pictures = feeds.length > 0 ? this.#renewPictures(feeds, () => renew(true)) : undefined;
    if (served.length > 0) {
      await this.#begun;
      if (this.#state === "live")
        host.display(chartBundle(this.document(false), undefined), { displayId, update: true });
    }
    await this.over;
    await pictures;
    await renew(true);
  }

  /** Pictures for a front end that does not read the comm, as long as it does not. */
  async #renewPictures(feeds: readonly CommFeed[], renew: () => Promise<void>): Promise<void> {
    let isOver = false;
    void this.over.then(() => (isOver = true));
    while (!isOver) {
      await Promise.race([this.over, new Promise((resolve) => setTimeout(resolve, pictureEveryMs))]);
      if (isOver || feeds.every(({ isRead }) => isRead) || !this.#changed) continue;
      this.#changed = false;
      await renew();
    }
  }

  async #take(begin: () => void): Promise<void> {
    let silent = this.#sources.length;
    try {
      await Promise.all(
        this.#sources.map(async ({ rows }, i) => {
          let isFirst = true;
          for await (const frame of rows.source.frames(0)) {
            if (isFirst && --silent === 0) begin();
            isFirst = false;
            if ((this.#views[i] as View).add(frame).length > 0) this.#changed = true;
          }
        }),
      );
      const states = await Promise.all(this.#sources.map(({ rows }) => rows.source.done));
      this.#state =
        states.find((state) => state === "failed") ?? states.find((state) => state === "cancelled") ?? "done";
    } catch (error) {
      this.#state = "failed";
      this.#error =
        error instanceof ArchitechError
          ? { code: error.code, message: error.message }
          : { code: "internal", message: String(error) };
    }
  }
}

/** Whether the front end can read the run from the server that it comes from. */
function isServedBy({ server }: Host, rows: LiveRows<unknown>): boolean {
  const from = rows.source.server;
  return server !== undefined && from !== undefined && new URL(server.url).origin === new URL(from.url).origin;
}
