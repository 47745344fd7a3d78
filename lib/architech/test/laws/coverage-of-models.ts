import type { ModelDocument } from "#src/model/document.js";

type Data = Readonly<Record<string, unknown>>;

/** What tells kinds apart. */
const tags = ["kind", "do", "dist", "by"];
/** Elsewhere `by` is a setting like others. */
const scalers = ["hpa", "keda", "schedule"];

/** Every field and every choice that the schema knows, "service.scheduling=srpt", with what it belongs to in front. */
export function namedBySchema(schema: unknown): ReadonlySet<string> {
  const named = new Set<string>();
  const choicesOf = (of: Data): readonly unknown[] => (of["enum"] as unknown[]) ?? ("const" in of ? [of["const"]] : []);
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const fields = (value as Data)["properties"] as Readonly<Record<string, Data>> | undefined;
    if (fields !== undefined && typeof fields === "object") {
      const kinds = tags.flatMap((tag) => (fields[tag] === undefined ? [] : choicesOf(fields[tag])));
      // What tells kinds apart before it is known which one it is.
      if (kinds.length < 2 || Object.keys(fields).length > 1) {
        const owner = kinds.length === 1 ? String(kinds[0]) : "";
        for (const [name, of] of Object.entries(fields)) {
          named.add(`${owner}.${name}`);
          const all = [of, ...((of["anyOf"] as Data[]) ?? []), ...((of["oneOf"] as Data[]) ?? [])];
          for (const choice of all.flatMap(choicesOf)) named.add(`${owner}.${name}=${String(choice)}`);
        }
      }
    }
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(schema);
  return named;
}

/** The same of what a model says. */
export function namedByModel(model: ModelDocument, named: Set<string>): void {
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value)) {
      const data = value as Data;
      const tag = tags.find((tag) => typeof data[tag] === "string");
      const owner =
        tag === undefined || (tag === "by" && !scalers.includes(String(data[tag]))) ? "" : String(data[tag]);
      for (const [name, of] of Object.entries(data)) {
        named.add(`${owner}.${name}`);
        if (typeof of !== "object") named.add(`${owner}.${name}=${String(of)}`);
      }
    }
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(model);
}
