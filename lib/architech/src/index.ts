export { ArchitechError, type ErrorCode, errorCodes } from "@architech/protocol";
export { type Chart, plot, type PlotOptions } from "./chart/plot.js";
export {
  areaX, areaY, arrow, axisX, axisY, barX, barY, boxX, boxY, cell, crosshairX, differenceY, dot, frame, gridX, gridY, line,
  linearRegressionY, lineX, lineY, link, rect, rectX, rectY, ruleX, ruleY, text, tickX, tickY, tip,
} from "./chart/marks.js";
export type { BareMark, Mark, RowMark, Rows, RuleMark } from "./chart/mark.js";
export type { Channel, ChartOptions, ColourChannel, Curve, Field, MarkOptions, Marker, ScaleOptions } from "./chart/options.js";
export type { Colour, NamedColour } from "./chart/colour.js";
export type { MarkName } from "./chart/mark-names.js";
export type { ChartSpec, MarkSpec } from "./chart/spec.js";
export type { Comm, Host, MimeBundle } from "./chart/host.js";
