import type { Notes } from "../engine/notes.js";
import type { SeriesRows } from "./task.js";

const nothing = new Float64Array(0);
/** None of any interval. */
export const noRows: SeriesRows = {
  node: new Uint16Array(0),
  t: nothing,
  arrivals: nothing,
  completions: nothing,
  errors: nothing,
  latencyP50: nothing,
  latencyP95: nothing,
  latencyP99: nothing,
  depth: nothing,
  util: nothing,
  replicas: nothing,
  cost: nothing,
  moved: nothing,
};

/** Rows as they are written down, or read. */
export function keptSeries(notes: Notes, rows: SeriesRows = noRows): SeriesRows {
  return {
    node: Uint16Array.from(notes.ints(Int32Array.from(rows.node))),
    t: notes.doubles(rows.t),
    arrivals: notes.doubles(rows.arrivals),
    completions: notes.doubles(rows.completions),
    errors: notes.doubles(rows.errors),
    latencyP50: notes.doubles(rows.latencyP50),
    latencyP95: notes.doubles(rows.latencyP95),
    latencyP99: notes.doubles(rows.latencyP99),
    depth: notes.doubles(rows.depth),
    util: notes.doubles(rows.util),
    replicas: notes.doubles(rows.replicas),
    cost: notes.doubles(rows.cost),
    moved: notes.doubles(rows.moved),
  };
}
