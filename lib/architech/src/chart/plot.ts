import { ArchitechError } from "@architech/protocol";
import type { LiveRows } from "../experiment/live-rows.js";
import type { Row } from "../experiment/view.js";
import { chartBundle } from "./bundle.js";
import { currentHost, displayMethod, type MimeBundle } from "./host.js";
import { LiveChart } from "./live-chart.js";
import { isLiveRows, type Mark } from "./mark.js";
import type { ChartOptions } from "./options.js";
import type { ChartSpec, MarkSpec } from "./spec.js";
import { standAloneSvg } from "./stand-alone.js";
import { viewOfMarks } from "./view-of-marks.js";

/** What `plot` takes: marks and the options of the whole. */
export interface PlotOptions extends ChartOptions {
  /** Drawn in this order. A mark that is null, undefined or false is left out. */
  readonly marks: readonly (Mark | null | undefined | false)[];
}

/** A chart: drawn in a notebook while its runs go on, and a picture anywhere. */
export interface Chart {
  readonly spec: ChartSpec;
  /** Resolves when the runs behind the chart are over, and it has been shown for the last time. */
  readonly done: Promise<void>;
  /** The finished chart as the text of an SVG that stands alone. Waits for the runs. */
  svg(options?: { width?: number }): Promise<string>;
  /** The finished chart as a notebook keeps it. Waits for the runs. */
  bundle(): Promise<MimeBundle>;
  /** As the result of a cell: nothing where the chart has been shown already. */
  [displayMethod](): Promise<MimeBundle | undefined>;
}

/**
 * Draws marks over rows with Observable Plot, whose vocabulary this is. In a notebook the chart is shown at once and
 * grows while its runs go on; in a script `await chart.svg()` is the picture.
 *
 * ```ts
 * plot({ marks: [lineY(load, { x: "rps", y: "api.latency.p99", stroke: "connections" })] });
 * ```
 */
export function plot({ marks, ...options }: PlotOptions): Chart {
  const specs: MarkSpec[] = [];
  const live: LiveRows<unknown>[] = [];
  for (const mark of marks) {
    if (mark === null || mark === undefined || mark === false) continue;
    if (typeof mark !== "object" || !("mark" in mark))
      throw new ArchitechError(
        "invalid-argument",
        `a chart is made of marks such as lineY(rows, …), not of ${typeof mark}`,
        { path: ["marks"] },
      );
    specs.push(markSpec(mark, live));
  }
  const spec: ChartSpec = { marks: specs, options };
  const chart = new LiveChart(
    spec,
    live.map((rows, i) => ({
      rows,
      view: viewOfMarks(
        rows.view,
        specs.filter(({ source }) => source === i),
      ),
    })),
  );
  const host = currentHost();
  const done = host === undefined ? chart.over : chart.show(host).catch(() => undefined);
  const bundle = async (): Promise<MimeBundle> => {
    await chart.over;
    return chartBundle(chart.document(true), await standAloneSvg(spec, chart.rows(), { live: false }));
  };
  return {
    spec,
    done,
    async svg({ width } = {}) {
      await chart.over;
      return standAloneSvg(spec, chart.rows(), { live: false, ...(width === undefined ? {} : { width }) });
    },
    bundle,
    async [displayMethod]() {
      if (host === undefined) return bundle();
      // Where nobody draws by themselves the cell ends with its chart: what comes later could be missed.
      await Promise.race([done, chart.isRead]);
      return undefined;
    },
  };
}

function markSpec({ mark, rows, options }: Mark, live: LiveRows<unknown>[]): MarkSpec {
  if (rows === undefined) return { mark, options };
  if (!isLiveRows(rows)) return { mark, data: rows as readonly Row[], options };
  let source = live.indexOf(rows);
  if (source < 0) source = live.push(rows) - 1;
  return { mark, source, options };
}
