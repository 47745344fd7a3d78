import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import JSON5 from "json5";
import { type LabBuild, readBuildJson } from "./build.js";
import type { Texts } from "./texts.js";

/** The settings of one plugin as the lab reads them. */
export interface Setting {
  id: string;
  schema: Record<string, unknown>;
  version: string;
  /** The person's own settings as they wrote them (JSON with comments). */
  raw: string;
  settings: Record<string, unknown>;
  warning: string | null;
  created: string | null;
  last_modified: string | null;
}

/** Settings: the schemas of the built lab, and what the person changed, by the plugin's folder and name. */
export class Settings {
  readonly #lab: LabBuild | undefined;
  readonly #texts: Texts;

  constructor(lab: LabBuild | undefined, texts: Texts) {
    this.#lab = lab;
    this.#texts = texts;
  }

  /** The ids of all plugins that have settings: `@scope/package:plugin`. */
  async ids(): Promise<string[]> {
    if (this.#lab === undefined) return [];
    const files = await readdir(this.#lab.schemas, { recursive: true }).catch(() => []);
    return files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -".json".length).replace(/\/([^/]*)$/, ":$1"))
      .sort();
  }

  async list(): Promise<Setting[]> {
    return Promise.all((await this.ids()).map((id) => this.get(id)));
  }

  async get(id: string): Promise<Setting> {
    const [folder, plugin] = parseId(id);
    if (this.#lab === undefined) throw notFound(id);
    const text = await readFile(join(this.#lab.schemas, folder, `${plugin}.json`), "utf8").catch(() => undefined);
    if (text === undefined) throw notFound(id);
    const schema = JSON.parse(text) as Record<string, unknown>;
    override(schema, ((await readBuildJson(this.#lab, "overrides.json"))[id] ?? {}) as Record<string, unknown>);
    return { id, schema, version: await this.#version(folder), ...(await this.#own(id)) };
  }

  /** Keeps what the person wrote; throws `settings-invalid` when it is not an object of JSON5. */
  async set(id: string, raw: string): Promise<void> {
    await this.get(id);
    parse(raw, id);
    if (raw.trim() === "" || raw.trim() === "{}") await this.#texts.delete(nameOf(id));
    else await this.#texts.set(nameOf(id), raw);
  }

  async #own(id: string): Promise<Pick<Setting, "raw" | "settings" | "warning" | "created" | "last_modified">> {
    const own = await this.#texts.get(nameOf(id));
    if (own === undefined) return { raw: "{}", settings: {}, warning: null, created: null, last_modified: null };
    const { text: raw, created, modified } = own;
    const times = { created: created.toISOString(), last_modified: modified.toISOString() };
    try {
      return { raw, settings: parse(raw, id), warning: null, ...times };
    } catch (error) {
      return { raw: "{}", settings: {}, warning: (error as Error).message, ...times };
    }
  }

  async #version(folder: string): Promise<string> {
    const file = join(this.#lab!.schemas, folder, "package.json.orig");
    const text = await readFile(file, "utf8").catch(() => "{}");
    return (JSON.parse(text) as { version?: string }).version ?? "N/A";
  }
}

/** The name that a plugin's own settings are kept by. */
function nameOf(id: string): string {
  return parseId(id).join("/");
}

/** The folder and the file of a plugin's id; nothing in it can lead elsewhere. */
function parseId(id: string): [string, string] {
  const match = /^((?:@[\w.-]+\/)?[\w-][\w.-]*):([\w-][\w.-]*)$/.exec(id);
  if (match === null || id.includes("..")) throw notFound(id);
  return [match[1]!, match[2]!];
}

function parse(raw: string, id: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = raw.trim() === "" ? {} : JSON5.parse(raw);
  } catch (cause) {
    throw new ArchitechError("settings-invalid", `the settings of ${id} are not JSON5: ${(cause as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ArchitechError("settings-invalid", `the settings of ${id} are not an object`);
  return value as Record<string, unknown>;
}

/** The build's own defaults take the place of a schema's. */
function override(schema: Record<string, unknown>, defaults: Record<string, unknown>): void {
  const properties = schema["properties"] as Record<string, Record<string, unknown>> | undefined;
  for (const [name, value] of Object.entries(defaults)) {
    const property = properties?.[name];
    if (property !== undefined) property["default"] = value;
    else if (name in schema) schema[name] = value;
  }
}

function notFound(id: string): ArchitechError {
  return new ArchitechError("not-found", `no settings "${id.slice(0, 200)}"`);
}
