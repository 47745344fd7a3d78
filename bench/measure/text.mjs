import { median } from "./statistics.mjs";

/** Prints rows of text in columns, the first to the left and the others to the right. */
export function printTable(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  for (const row of rows)
    console.log(
      row.map((value, i) => (i === 0 ? String(value).padEnd(widths[i]) : String(value).padStart(widths[i]))).join("  "),
    );
}

/** "1.23 M", "45.6 k", "789": three digits. */
export function short(value) {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e3) return `${(value / 1e3).toPrecision(3)} k`;
  return value.toPrecision(3);
}

/** The median of some numbers, with the least and the greatest of them. */
export function spread(values, format = short) {
  return `${format(median(values))} (${format(Math.min(...values))} to ${format(Math.max(...values))})`;
}
