import { ArchitechError } from "@architech/protocol";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import type { ChartDocument, ChartState, Row } from "architech/core";
import { readChartDocument } from "./chart-document.js";
import { finishedBundle } from "./finished-bundle.js";
import type * as Heavy from "./heavy.js";
import { labTheme } from "./lab-theme.js";
import { LiveRows } from "./live-rows.js";
import { chartMimeType } from "./mime.js";
import { Painter } from "./painter.js";
import type { RunOutcome } from "./run-stream.js";
import { StatusLine } from "./status-line.js";
import type { StreamFinder } from "./stream-finder.js";

/** How long a chart that is about to start waits for the kernel's word that its runs are there. */
const startPatienceMs = 5_000;

/** Draws one chart: live while its runs go on, from the rows that the notebook keeps afterwards. */
export class ChartRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #finder: StreamFinder;
  readonly #picture: HTMLElement = document.createElement("div");
  readonly #status: StatusLine = new StatusLine();
  readonly #painter: Painter = new Painter(() => this.#paint());
  readonly #resize: ResizeObserver = new ResizeObserver(() => this.#resized());
  #heavy: typeof Heavy | undefined;
  #model: IRenderMime.IMimeModel | undefined;
  #chart: ChartDocument | undefined;
  #live: LiveRows | undefined;
  #outcome: RunOutcome | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawnWidth = 0;

  constructor(_options: IRenderMime.IRendererOptions, finder: StreamFinder) {
    super();
    this.#finder = finder;
    this.addClass("architech-Chart");
    this.#picture.className = "architech-Chart-picture";
    this.node.append(this.#picture, this.#status.node);
    this.#resize.observe(this.node);
  }

  /** Called again whenever the output changes. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const chart = readChartDocument(model.data[chartMimeType]);
    this.#model = model;
    if (chart === undefined) {
      this.#end();
      this.#status.showNotice("this chart was written by a version of Architech that is not known here", "error");
      return;
    }
    const goesOn =
      this.#live !== undefined &&
      this.#outcome === undefined &&
      chart.state === "live" &&
      isSameChart(chart, this.#chart);
    if (goesOn) return;
    this.#end();
    this.#chart = chart;
    this.#showKeptPicture(model);
    this.#heavy ??= await import("./heavy.js");
    if (this.isDisposed || this.#chart !== chart) return;
    if (chart.starting === true) this.#await(this.#heavy, chart);
    else if (chart.state === "live") this.#start(this.#heavy, chart);
    else {
      this.#say(chart.state, chart.error);
      this.#painter.now();
    }
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#end();
    this.#resize.disconnect();
    super.dispose();
  }

  /** Something to see while what draws is still being fetched. */
  #showKeptPicture(model: IRenderMime.IMimeModel): void {
    const svg = model.data["image/svg+xml"];
    if (this.#picture.firstChild !== null || typeof svg !== "string") return;
    const image = document.createElement("img");
    image.alt = "";
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    this.#picture.replaceChildren(image);
  }

  #await(heavy: typeof Heavy, chart: ChartDocument): void {
    this.#painter.now();
    this.#status.showProgress(undefined, undefined);
    this.#timer = setTimeout(() => this.#start(heavy, chart), startPatienceMs);
  }

  #start(heavy: typeof Heavy, chart: ChartDocument): void {
    try {
      this.#live = new LiveRows(heavy, chart.sources, this.#finder, () => this.#painter.request());
    } catch (error) {
      this.#say("failed", wireError(error));
      return;
    }
    const live = this.#live;
    this.#painter.request();
    live.outcome.then(
      (outcome) => this.#live === live && this.#finish(outcome),
      (error: unknown) => this.#live === live && this.#lose(error),
    );
  }

  #finish(outcome: RunOutcome): void {
    this.#outcome = outcome;
    this.#painter.now();
    this.#say(outcome.state, outcome.error);
    this.#keep(outcome);
  }

  #lose(error: unknown): void {
    const { code, message } = wireError(error);
    const chart = this.#chart as ChartDocument;
    this.#outcome = { state: "failed", error: { code, message } };
    this.#painter.now();
    if (code === "run-not-found") this.#status.showNotice(`${message}; shown is what had been kept`, "info");
    else this.#status.showNotice(message, "error", { label: "Try again", act: () => this.#again(chart) });
  }

  #again(chart: ChartDocument): void {
    if (this.#heavy === undefined || this.#chart !== chart) return;
    this.#end();
    this.#start(this.#heavy, chart);
  }

  /** Puts the finished chart into the notebook. So does the kernel, but it may be slower than who saves, or gone. */
  #keep(outcome: RunOutcome): void {
    const { chart, heavy, model } = { chart: this.#chart, heavy: this.#heavy, model: this.#model };
    if (chart === undefined || heavy === undefined || model === undefined || this.isDisposed) return;
    model.setData({ data: { ...model.data, ...finishedBundle(heavy, chart, this.#rows(), outcome) } });
  }

  #end(): void {
    this.#painter.cancel();
    clearTimeout(this.#timer);
    this.#live?.stop();
    this.#live = undefined;
    this.#outcome = undefined;
  }

  #say(state: ChartState, error: { code: string; message: string } | undefined): void {
    if (state === "failed")
      this.#status.showNotice(`the run failed: ${error?.message ?? "no reason was given"}`, "error");
    else if (state === "cancelled") this.#status.showNotice("cancelled: shown is what had come until then", "info");
    else this.#status.hide();
  }

  #rows(): readonly (readonly Row[])[] {
    return this.#live?.rows() ?? this.#chart?.sources.map(({ rows }) => rows ?? []) ?? [];
  }

  #paint(): void {
    const { chart, heavy } = { chart: this.#chart, heavy: this.#heavy };
    if (chart === undefined || heavy === undefined || this.isDisposed) return;
    const rows = this.#rows().map((source, i) =>
      heavy.keptRows((chart.sources[i] as ChartDocument["sources"][number]).view, source),
    );
    this.#drawnWidth = this.#width();
    try {
      const svg = heavy.draw(heavy.plotModule, chart.spec, rows, {
        document,
        theme: labTheme,
        live: chart.state === "live" && this.#outcome === undefined,
        width: this.#drawnWidth,
      });
      this.#picture.replaceChildren(svg as unknown as SVGSVGElement);
      this.#picture.dataset["drawn"] = String(Number(this.#picture.dataset["drawn"] ?? 0) + 1);
    } catch (error) {
      this.#status.showNotice(`the chart cannot be drawn: ${wireError(error).message}`, "error");
      return;
    }
    const live = this.#live;
    if (live !== undefined && this.#outcome === undefined)
      this.#status.showProgress(
        live.advance,
        live.cancel === undefined ? undefined : () => this.#cancel(live),
        live.thinned,
      );
  }

  #cancel(live: LiveRows): void {
    live
      .cancel?.()
      .catch((error: unknown) => this.#status.showNotice(`cannot be cancelled: ${wireError(error).message}`, "error"));
  }

  #width(): number {
    const width = this.node.clientWidth - 8;
    return width > 0 ? Math.min(width, 960) : 680;
  }

  #resized(): void {
    if (this.node.clientWidth > 0 && this.#drawnWidth > 0 && this.#width() !== this.#drawnWidth)
      this.#painter.request();
  }
}

function isSameChart(a: ChartDocument, b: ChartDocument | undefined): boolean {
  const key = ({ spec, sources }: ChartDocument): string =>
    JSON.stringify([spec, sources.map(({ run, view }) => [run, view])]);
  return b !== undefined && key(a) === key(b);
}

function wireError(error: unknown): { code: string; message: string } {
  if (error instanceof ArchitechError) return { code: error.code, message: error.message };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
