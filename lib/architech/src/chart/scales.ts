import { columnOf, distinct, hasColumn } from "./columns.js";
import { labelOf } from "./label.js";
import type { MarkSpec } from "./spec.js";
import type { Theme } from "./theme.js";

/** A mark with the rows that it draws. */
export interface FilledMark {
  readonly mark: MarkSpec;
  readonly rows: readonly unknown[] | undefined;
}

type Options = Readonly<Record<string, unknown>>;

/** Up to so many distinct numbers read as categories, each with a colour of its own. */
const mostCategories = 10;

/** What the options of the scales say, and where they are silent what the columns suggest: labels with units, distinct colours. */
export function scaleOptions(marks: readonly FilledMark[], options: Options, theme: Theme): Options {
  return {
    x: { ...positionLabel(marks, ["x", "x1", "x2"]), ...object(options["x"]) },
    y: { ...positionLabel(marks, ["y", "y1", "y2"]), ...object(options["y"]) },
    color: { ...colours(marks, object(options["color"]), theme), ...object(options["color"]), legend: false },
  };
}

/** An option that is an object, or nothing. */
export function object(option: unknown): Options {
  return typeof option === "object" && option !== null ? (option as Options) : {};
}

function positionLabel(
  marks: readonly FilledMark[],
  channels: readonly ("x" | "x1" | "x2" | "y" | "y1" | "y2")[],
): Options {
  const labels = new Set(used(marks, channels).map(labelOf));
  if (labels.size === 0) return {};
  if (labels.size === 1) return { label: [...labels][0] };
  const units = new Set([...labels].map((label) => /\(([^()]+)\)$/.exec(label)?.[1]));
  const [unit] = units;
  return units.size === 1 && unit !== undefined ? { label: unit } : {};
}

/** Names of the columns that any mark reads one of the channels from. */
function used(marks: readonly FilledMark[], channels: readonly ("x" | "x1" | "x2" | "y" | "y1" | "y2")[]): string[] {
  return marks.flatMap(({ mark, rows }) =>
    channels.flatMap((channel) => columnOf(mark, channel, (name) => hasColumn(rows ?? [], name)) ?? []),
  );
}

function colours(marks: readonly FilledMark[], given: Options, theme: Theme): Options {
  const values = new Set<string | number>();
  let column: string | undefined;
  for (const { mark, rows = [] } of marks)
    for (const channel of ["stroke", "fill"] as const) {
      const name = columnOf(mark, channel, (column) => hasColumn(rows, column));
      if (name === undefined) continue;
      column ??= name;
      // Metrics have a dot in their names and are amounts; what a sweep varies has none and tells series apart.
      const found = name.includes(".") ? undefined : distinct(rows, name, mostCategories);
      if (found === undefined) return { label: labelOf(name) };
      for (const value of found) values.add(value);
    }
  if (column === undefined || values.size > mostCategories) return {};
  const label = { label: labelOf(column) };
  const isCategories = given["type"] === undefined || given["type"] === "ordinal" || given["type"] === "categorical";
  if (!isCategories || given["scheme"] !== undefined || given["range"] !== undefined) return label;
  // In order of appearance, so that a colour does not change hands when a new value comes.
  return { ...label, type: "categorical", domain: [...values], range: theme.categories };
}
