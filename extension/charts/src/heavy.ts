// What a chart needs to be drawn: half a megabyte, fetched when the first chart is shown.
import * as Plot from "@observablehq/plot";
import type { PlotModule } from "architech/core";

export { chartBundle, draw, keptRows, paper, serialize, view } from "architech/core";

/** Observable Plot as `draw` takes it. */
export const plotModule: PlotModule = Plot as unknown as PlotModule;
