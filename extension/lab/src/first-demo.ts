/** Path of the notebook that comes first by name ("01-…" before "02-…"), if there is one. */
export function firstDemo(entries: readonly { name: string; path: string; type: string }[]): string | undefined {
  return entries
    .filter(({ type }) => type === "notebook")
    .map(({ path }) => path)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))[0];
}
