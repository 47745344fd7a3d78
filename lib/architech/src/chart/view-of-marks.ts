import type { ViewSpec } from "../experiment/view.js";
import { columnsOf } from "./columns.js";
import type { MarkSpec } from "./spec.js";

const bound = /\.(low|high)$/;

/** The same view with only the metrics that the marks read: what a chart does not show is neither computed nor kept. */
export function viewOfMarks(view: ViewSpec, marks: readonly MarkSpec[]): ViewSpec {
  const columns = new Set(marks.flatMap(columnsOf));
  if (view.of === "summary") {
    const metrics = new Set(
      [...columns].flatMap((name) => (bound.test(name) ? [name, name.replace(bound, "")] : [name])),
    );
    return { ...view, metrics: view.metrics.filter((name) => metrics.has(name)) };
  }
  if (view.of === "series") return { ...view, columns: view.columns.filter((name) => columns.has(name)) };
  return view;
}
