const units: readonly (readonly [RegExp, string])[] = [
  [/\.(latency|wait)\.(mean|p\d+|max)(\.(low|high))?$/, "ms"],
  [/\.(rate|arrivals|errors|timeouts)(\.(low|high))?$/, "per s"],
];

/** A column's name with its unit, as an axis shows it: "api.latency.p99 (ms)". */
export function labelOf(column: string): string {
  if (column === "t") return "time (s)";
  if (column === "rps") return "requests per second";
  for (const [pattern, unit] of units)
    if (pattern.test(column)) return `${column.replace(/\.(low|high)$/, "")} (${unit})`;
  return column;
}
