import type { Row } from "../experiment/view.js";
import type { MarkSpec } from "./spec.js";

const channelNames = [
  "x",
  "x1",
  "x2",
  "y",
  "y1",
  "y2",
  "z",
  "fx",
  "fy",
  "stroke",
  "fill",
  "strokeWidth",
  "strokeOpacity",
  "fillOpacity",
  "opacity",
  "r",
  "symbol",
  "text",
  "title",
  "sort",
] as const;

/** Name of a channel. */
export type ChannelName = (typeof channelNames)[number];

/** The column that a channel of a mark is read from, given which columns there are. */
export function columnOf(mark: MarkSpec, channel: ChannelName, exists: (name: string) => boolean): string | undefined {
  const option = mark.options[channel];
  const name = typeof option === "object" && option !== null && "value" in option ? option.value : option;
  return typeof name === "string" && exists(name) ? name : undefined;
}

/** Every column that a mark might read. */
export function columnsOf(mark: MarkSpec): readonly string[] {
  return channelNames.flatMap((channel) => columnOf(mark, channel, () => true) ?? []);
}

/** Whether the rows have a column of that name. */
export function hasColumn(rows: readonly unknown[], name: string): boolean {
  const first = rows[0];
  return typeof first === "object" && first !== null && Object.hasOwn(first, name);
}

/** The values of a column in the order in which they first appear. */
export function distinct(rows: readonly unknown[], column: string, atMost: number): (string | number)[] | undefined {
  const values = new Set<string | number>();
  for (const row of rows as readonly Row[]) {
    const value = row[column];
    if (value === undefined || value === null) continue;
    values.add(value);
    if (values.size > atMost) return undefined;
  }
  return [...values];
}
