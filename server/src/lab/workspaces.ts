import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { atomicWrite } from "../contents/files/atomic-write.js";

/** A layout of the lab: what is open and where. */
export interface Workspace {
  data: Record<string, unknown>;
  metadata: { id: string; created?: string; last_modified?: string };
}

const extension = ".jupyterlab-workspace";

/** Layouts by name, each a file. */
export class Workspaces {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<Workspace[]> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith(extension)).sort();
    return Promise.all(names.map((name) => this.get(decodeURIComponent(name.slice(0, -extension.length)))));
  }

  /** The layout with this name; one that is not there, or cannot be read, is empty. */
  async get(id: string): Promise<Workspace> {
    const file = this.#file(id);
    try {
      const workspace = JSON.parse(await readFile(file, "utf8")) as Workspace;
      const { birthtime, mtime } = await stat(file);
      const times = { created: birthtime.toISOString(), last_modified: mtime.toISOString() };
      return { data: workspace.data, metadata: { id, ...times } };
    } catch {
      return { data: {}, metadata: { id } };
    }
  }

  async save(id: string, workspace: Record<string, unknown>): Promise<void> {
    const { data, metadata } = workspace as { data?: unknown; metadata?: { id?: unknown } };
    if (typeof data !== "object" || data === null || metadata?.id !== id)
      throw new ArchitechError("workspace-invalid", `a workspace is {data, metadata: {id: ${JSON.stringify(id)}}}`);
    await mkdir(this.#folder, { recursive: true });
    await atomicWrite(this.#file(id), Buffer.from(JSON.stringify({ data, metadata: { id } })));
  }

  async remove(id: string): Promise<void> {
    await rm(this.#file(id)).catch(() => {
      throw new ArchitechError("not-found", `no workspace "${id}"`);
    });
  }

  #file(id: string): string {
    const name = encodeURIComponent(id);
    if (id === "" || name.startsWith(".") || name.length > 200)
      throw new ArchitechError("workspace-invalid", `no workspace can be named ${JSON.stringify(id.slice(0, 200))}`);
    return join(this.#folder, name + extension);
  }
}
