import type { chartMime, streamTarget } from "architech/core";

// Repeated here, checked by their types, so that neither needs the library itself before a chart is drawn.

/** Mime type of a chart. */
export const chartMimeType: typeof chartMime = "application/vnd.architech.chart.v1+json";

/** Target of the comms that carry a run. */
export const streamTargetName: typeof streamTarget = "architech.stream";
