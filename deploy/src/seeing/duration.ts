/** Seconds as Prometheus writes them: `5m`, `1h`, `500ms`. */
export function duration(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const;
  for (const [unit, size] of units) if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  return `${Math.max(1, Math.round(seconds * 1000))}ms`;
}
