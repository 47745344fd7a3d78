import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import type { ChartDocument, Row } from "architech/core";
import type * as Heavy from "./heavy.js";
import type { RunOutcome } from "./run-stream.js";

const pictureWidth = 680;

type Tools = Pick<typeof Heavy, "chartBundle" | "draw" | "keptRows" | "paper" | "plotModule" | "serialize">;

/** A chart as the notebook keeps it: its rows, and a picture that needs nothing. */
export function finishedBundle(
  heavy: Tools,
  chart: ChartDocument,
  rows: readonly (readonly Row[])[],
  { state, error }: RunOutcome,
): ReadonlyPartialJSONObject {
  const sources = chart.sources.map((source, i) => ({
    run: source.run,
    view: source.view,
    rows: heavy.keptRows(source.view, rows[i] ?? []),
  }));
  const finished: ChartDocument = {
    version: 1,
    spec: chart.spec,
    sources,
    state,
    ...(error === undefined ? {} : { error }),
  };
  return heavy.chartBundle(finished, picture(heavy, finished)) as ReadonlyPartialJSONObject;
}

function picture(heavy: Tools, chart: ChartDocument): string | undefined {
  const rows = chart.sources.map((source) => source.rows ?? []);
  try {
    const svg = heavy.draw(heavy.plotModule, chart.spec, rows, {
      document,
      theme: heavy.paper,
      interactive: false,
      live: false,
      width: pictureWidth,
    });
    return heavy.serialize(svg, heavy.paper);
  } catch {
    return undefined;
  }
}
