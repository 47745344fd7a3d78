/** The marks that a chart may have, by the names that Observable Plot gives them. None of them fetches anything. */
export const markNames = [
  "areaX",
  "areaY",
  "arrow",
  "axisFx",
  "axisFy",
  "axisX",
  "axisY",
  "barX",
  "barY",
  "boxX",
  "boxY",
  "cell",
  "crosshairX",
  "crosshairY",
  "differenceY",
  "dot",
  "dotX",
  "dotY",
  "frame",
  "gridX",
  "gridY",
  "line",
  "lineX",
  "lineY",
  "linearRegressionY",
  "link",
  "rect",
  "rectX",
  "rectY",
  "ruleX",
  "ruleY",
  "text",
  "textX",
  "textY",
  "tickX",
  "tickY",
  "tip",
  "vector",
] as const;

/** Name of a mark. */
export type MarkName = (typeof markNames)[number];

/** Whether a chart may have a mark of that name. */
export function isMarkName(name: unknown): name is MarkName {
  return (markNames as readonly unknown[]).includes(name);
}
