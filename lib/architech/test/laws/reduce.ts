import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";

type Data = Readonly<Record<string, unknown>>;

/**
 * The smallest model found that is still wrong in the same way: takes away nodes, faults, settings, steps and items of
 * lists, and makes what is left plainer, for as long as that leaves a valid model that is `wrong`.
 */
export function reduced(model: ModelDocument, wrong: (smaller: ModelDocument) => boolean): ModelDocument {
  const fails = (candidate: unknown): candidate is ModelDocument => {
    try {
      return wrong(validate(candidate));
    } catch {
      return false;
    }
  };
  let smallest = model;
  for (let found = true; found; ) {
    found = false;
    // From the first on again: what can be taken away whole is tried before its parts.
    for (const candidate of plainer(smallest)) {
      if (!fails(candidate)) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Everything that is one thing less. */
function* plainer(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    if (value.length > 2) yield value.slice(0, value.length >> 1);
    if (value.length > 2) yield value.slice(value.length >> 1);
    for (let i = 0; i < value.length; i++) yield value.toSpliced(i, 1);
    // What is inside a step in its place.
    for (const [i, item] of value.entries()) for (const inner of insideOf(item)) yield value.toSpliced(i, 1, ...inner);
    for (const [i, item] of value.entries()) for (const less of plainer(item)) yield value.toSpliced(i, 1, less);
    return;
  }
  const data = value as Data;
  if ("dist" in data) yield "1ms";
  if ("classes" in data) yield* Object.values(data["classes"] as Data);
  for (const key of Object.keys(data)) {
    const { [key]: _, ...others } = data;
    yield others;
  }
  for (const [key, inner] of Object.entries(data)) for (const less of plainer(inner)) yield { ...data, [key]: less };
}

function insideOf(step: unknown): readonly (readonly unknown[])[] {
  if (typeof step !== "object" || step === null) return [];
  const { steps, branches } = step as { steps?: unknown; branches?: unknown };
  const lists = Array.isArray(branches)
    ? branches.map((branch) => (Array.isArray(branch) ? branch : (branch as Data)["steps"]))
    : [steps, ...Object.values((steps ?? {}) as Data)];
  return lists.filter((list) => Array.isArray(list));
}
