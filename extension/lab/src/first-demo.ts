/** Path of the notebook that calls itself the first ("first-…"), else of the one that comes first by name ("01-…" before "02-…"), if there is one. */
export function firstDemo(entries: readonly { name: string; path: string; type: string }[]): string | undefined {
  const notebooks = entries
    .filter(({ type }) => type === "notebook")
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  return (notebooks.find(({ name }) => /^first\b/i.test(name)) ?? notebooks[0])?.path;
}
