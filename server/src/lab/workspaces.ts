import { ArchitechError } from "@architech/protocol";
import type { Texts } from "./texts.js";

/** A layout of the lab: what is open and where. */
export interface Workspace {
  data: Record<string, unknown>;
  metadata: { id: string; created?: string; last_modified?: string };
}

/** Layouts by name. */
export class Workspaces {
  readonly #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  async list(): Promise<Workspace[]> {
    return Promise.all((await this.#texts.names()).map((name) => this.get(decodeURIComponent(name))));
  }

  /** The layout with this name; one that is not there, or cannot be read, is empty. */
  async get(id: string): Promise<Workspace> {
    const kept = await this.#texts.get(nameOf(id));
    if (kept === undefined) return { data: {}, metadata: { id } };
    try {
      const { data } = JSON.parse(kept.text) as Workspace;
      const times = { created: kept.created.toISOString(), last_modified: kept.modified.toISOString() };
      return { data, metadata: { id, ...times } };
    } catch {
      return { data: {}, metadata: { id } };
    }
  }

  async save(id: string, workspace: Record<string, unknown>): Promise<void> {
    const { data, metadata } = workspace as { data?: unknown; metadata?: { id?: unknown } };
    if (typeof data !== "object" || data === null || metadata?.id !== id)
      throw new ArchitechError("workspace-invalid", `a workspace is {data, metadata: {id: ${JSON.stringify(id)}}}`);
    await this.#texts.set(nameOf(id), JSON.stringify({ data, metadata: { id } }));
  }

  async remove(id: string): Promise<void> {
    if (!(await this.#texts.delete(nameOf(id)))) throw new ArchitechError("not-found", `no workspace "${id}"`);
  }
}

/** The name that a layout is kept by, which is the name of a file. */
function nameOf(id: string): string {
  const name = encodeURIComponent(id);
  if (id === "" || name.startsWith(".") || name.length > 200)
    throw new ArchitechError("workspace-invalid", `no workspace can be named ${JSON.stringify(id.slice(0, 200))}`);
  return name;
}
