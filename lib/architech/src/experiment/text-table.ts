/** Rows of text as a table with aligned columns: the first column to the left, the others to the right unless `left` names them. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const widths = head.map((title, i) => Math.max(width(title), ...rows.map((row) => width(row[i] ?? ""))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        left.includes(i)
          ? cell + " ".repeat((widths[i] ?? 0) - width(cell))
          : " ".repeat((widths[i] ?? 0) - width(cell)) + cell,
      )
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((size) => "─".repeat(size))), ...rows.map(line)].join("\n");
}

function width(text: string): number {
  return [...text].length;
}
