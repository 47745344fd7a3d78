import { ArchitechError } from "@architech/protocol";

/** A notebook document of format 4, as far as the server looks into it. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}

/** A cell of a notebook. */
export interface NotebookCell {
  cell_type: string;
  metadata: Record<string, unknown>;
  source: string | string[];
  outputs?: Record<string, unknown>[];
  attachments?: Record<string, Record<string, unknown>>;
}

/** A notebook without cells, as a new file starts. */
export function emptyNotebook(): Notebook {
  return { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** Reads a notebook file; throws `notebook-corrupt` naming the file. */
export function parseNotebook(text: string, path: string): Notebook {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ArchitechError("notebook-corrupt", `"${path}" is not a notebook: ${(cause as Error).message}`, { cause });
  }
  const notebook = checkNotebook(parsed, path, "notebook-corrupt");
  for (const cell of notebook.cells) eachText(cell, join);
  return notebook;
}

/** The text of a notebook file: one-space indents, sorted keys and lines as arrays, so that differences read well. */
export function formatNotebook(notebook: Notebook): string {
  const copy = structuredClone(notebook);
  for (const cell of copy.cells) eachText(cell, split);
  return `${JSON.stringify(copy, sorted, 1)}\n`;
}

/** Checks the shape that the server and the lab rely on; throws with the code given. */
export function checkNotebook(
  value: unknown,
  path: string,
  code: "notebook-corrupt" | "document-invalid" = "document-invalid",
): Notebook {
  const fail = (why: string) => new ArchitechError(code, `"${path}" is not a notebook: ${why}`);
  if (!isRecord(value)) throw fail("not a JSON object");
  if (value["nbformat"] !== 4) throw fail(`nbformat is ${JSON.stringify(value["nbformat"])} where 4 is expected`);
  if (!Array.isArray(value["cells"])) throw fail(`"cells" is not an array`);
  value["cells"].forEach((cell: unknown, index) => {
    if (!isRecord(cell) || typeof cell["cell_type"] !== "string") throw fail(`cell ${index} has no "cell_type"`);
    cell["metadata"] ??= {};
    if (!isRecord(cell["metadata"])) throw fail(`the metadata of cell ${index} are not an object`);
    if (cell["outputs"] !== undefined && !(Array.isArray(cell["outputs"]) && cell["outputs"].every(isRecord)))
      throw fail(`the outputs of cell ${index} are not an array of objects`);
  });
  value["metadata"] ??= {};
  return value as unknown as Notebook;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Applies a change to every text of a cell that the file format may write as an array of lines. */
function eachText(cell: NotebookCell, change: (text: unknown) => unknown): void {
  cell.source = change(cell.source) as string;
  for (const bundle of Object.values(cell.attachments ?? {})) changeBundle(bundle, change);
  for (const output of cell.outputs ?? []) {
    if (output["output_type"] === "stream") output["text"] = change(output["text"]);
    if (isRecord(output["data"])) changeBundle(output["data"], change);
  }
}

function changeBundle(bundle: Record<string, unknown>, change: (text: unknown) => unknown): void {
  for (const [type, value] of Object.entries(bundle)) if (!/[/+]json$/.test(type)) bundle[type] = change(value);
}

function join(text: unknown): unknown {
  return Array.isArray(text) && text.every((line) => typeof line === "string") ? text.join("") : text;
}

function split(text: unknown): unknown {
  if (typeof text !== "string") return text;
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** For JSON.stringify: objects with their keys in order. */
function sorted(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
