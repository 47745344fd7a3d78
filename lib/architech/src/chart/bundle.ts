import type { Row } from "../experiment/view.js";
import type { MimeBundle } from "./host.js";
import { type ChartDocument, chartMime } from "./spec.js";

/** What a notebook shows of a chart: for front ends that know charts, for those that show pictures, and for those that show text. */
export function chartBundle(chart: ChartDocument, svg: string | undefined): MimeBundle {
  return {
    [chartMime]: plain(chart),
    ...(svg === undefined ? {} : { "image/svg+xml": svg }),
    "text/plain": chartText(chart),
  };
}

/** JSON has no NaN: what was not observed becomes null. */
function plain(chart: ChartDocument): unknown {
  return JSON.parse(JSON.stringify(chart));
}

/** A chart in one line. */
function chartText({ spec, sources, state, error }: ChartDocument): string {
  const name = typeof spec.options["title"] === "string" ? `chart "${spec.options["title"]}"` : "chart";
  const count = (rows: readonly Row[] | undefined): number => rows?.length ?? 0;
  const rows = sources.reduce((sum, source) => sum + count(source.rows), 0);
  if (state === "live") return `[${name}, drawn while its run goes on]`;
  return error === undefined
    ? `[${name}, ${rows} rows${state === "done" ? "" : `, ${state}`}]`
    : `[${name}, ${state}: ${error.message}]`;
}
