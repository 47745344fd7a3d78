/** A number as a person reads it: with three significant digits. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace("-", "−");
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  const text = value.toLocaleString("en-US", {
    minimumFractionDigits: Math.min(digits, 6),
    maximumFractionDigits: Math.min(digits, 6),
  });
  return text.replace("-", "−");
}

/** How a unit is shown after a number: nothing for a plain number or a share. */
export function formatUnit(unit: string): string {
  return unit === "1" ? "" : unit.startsWith("1/") ? unit.slice(1) : unit;
}
