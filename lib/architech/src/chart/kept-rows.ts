import type { Row, ViewSpec } from "../experiment/view.js";

/** Rows of a series that a notebook keeps: more than a chart has pixels across, and some 500 kB at most. */
const mostRows = 5_000;

/** Rows as they are kept in a notebook and drawn in a picture: a long series is thinned evenly, its last row kept. */
export function keptRows(view: ViewSpec, rows: readonly Row[]): readonly Row[] {
  if (view.of !== "series" || rows.length <= mostRows) return rows;
  const step = Math.ceil(rows.length / mostRows);
  const last = rows.length - 1;
  return rows.filter((_, i) => (last - i) % step === 0);
}
