import type { Entry } from "./documents.js";
import type { Notebook } from "./notebook.js";
import { nameOf } from "./path.js";

/** What Jupyter calls a thing in a folder. */
export type ModelType = "directory" | "notebook" | "file";

/** How `content` is written: a notebook or a listing as JSON, a file as text or base64. */
export type ModelFormat = "json" | "text" | "base64";

/** A document as Jupyter's REST API shows it. */
export interface Model {
  name: string;
  path: string;
  type: ModelType;
  created: string;
  last_modified: string;
  writable: boolean;
  size: number | null;
  mimetype: string | null;
  format: ModelFormat | null;
  content: Notebook | string | Model[] | null;
  hash?: string;
  hash_algorithm?: string;
}

/** What an entry is shown as when a client does not say. */
export function typeOf(entry: Entry): ModelType {
  if (entry.kind === "folder") return "directory";
  return entry.path.endsWith(".ipynb") ? "notebook" : "file";
}

/** An entry without its content. */
export function bareModel(entry: Entry, type: ModelType = typeOf(entry)): Model {
  return {
    name: nameOf(entry.path),
    path: entry.path,
    type,
    created: entry.created.toISOString(),
    last_modified: entry.modified.toISOString(),
    writable: entry.writable,
    size: entry.kind === "folder" ? null : entry.size,
    mimetype: null,
    format: null,
    content: null,
  };
}
