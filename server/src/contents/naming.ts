import { inside, splitName } from "./path.js";

/** The kinds of new documents, and what the first of each is called. */
export function untitledName(type: string, extension: string): string {
  if (type === "directory") return "Untitled Folder";
  return type === "notebook" ? "Untitled.ipynb" : `untitled${extension}`;
}

/** Names to try for a new document in order: the name itself, then with a number before the extension. */
export function* freeNames(folder: string, name: string, separator: string): Generator<string> {
  yield inside(folder, name);
  // "what-if.arch.json" counts as one extension: the number belongs before all of it.
  const [stem, extension] = /\.arch\.json$/.test(name) ? [name.slice(0, -10), ".arch.json"] : splitName(name);
  for (let number = 1; number < 10_000; number++) yield inside(folder, `${stem}${separator}${number}${extension}`);
}
