import { ArchitechError } from "@architech/protocol";
import { quoted } from "../units/amount.js";
import { parseRatio } from "../units/ratio.js";
import { fail, isName, place } from "./check.js";
import { definitionOf } from "./node.js";
import { limits, type Path } from "./shape.js";

/**
 * Turns nodes and steps, which refer to each other as values, into a document, where they do so by name.
 * Only names are settled here; whether anything else is right is for `validate` to say.
 */
export class Names {
  readonly #names = new Map<object, string>();

  /** Throws `node-duplicate` when one node is listed twice, `model-invalid` when something listed is not a node. */
  constructor(nodes: Readonly<Record<string, unknown>>) {
    for (const [name, node] of Object.entries(nodes)) {
      if (!isName(name))
        fail(
          "name-invalid",
          ["nodes", name],
          `cannot name a node: write letters, digits, _ and -, first a letter or _, at most ${limits.name}`,
        );
      if (definitionOf(node) === undefined)
        fail(
          "model-invalid",
          ["nodes", name],
          `is ${quoted(node)}: a service, database, cache, queue or worker is expected`,
        );
      const before = this.#names.get(node as object);
      if (before !== undefined)
        throw new ArchitechError(
          "node-duplicate",
          `${before} and ${name} are one and the same ${String(definitionOf(node)!["kind"])}: list it once, or make two`,
          { path: ["nodes", name] },
        );
      this.#names.set(node as object, name);
    }
  }

  /** The name of a node, or of the one that a function returns. */
  of(value: unknown, path: Path): unknown {
    const node = typeof value === "function" ? (value as () => unknown)() : value;
    const definition = definitionOf(node);
    if (definition === undefined) return fail("model-invalid", path, `is ${quoted(node)}: a node is expected`);
    const name = this.#names.get(node as object);
    if (name === undefined)
      throw new ArchitechError(
        "node-unknown",
        `${place(path)} is a ${String(definition["kind"])} that the model does not list: add it to the nodes of model()`,
        { path },
      );
    return name;
  }

  /** A node's settings as a document. */
  node(value: unknown, path: Path): unknown {
    const { kind, ...settings } = definitionOf(value)!;
    const node: Record<string, unknown> = { kind };
    for (const [name, setting] of Object.entries(settings)) {
      const at = [...path, name];
      if (setting === undefined) continue;
      if ((kind === "worker" && name === "takes") || (kind === "cache" && name === "fronts"))
        node[name] = this.of(setting, at);
      else if (kind === "cache" && name === "hitRatio") node[name] = ratio(setting, at);
      else if (kind === "worker" && name === "work" && Array.isArray(setting)) node[name] = this.steps(setting, at);
      else if (kind === "service" && name === "ops" && typeof setting === "object" && setting !== null)
        node[name] = Object.fromEntries(
          Object.entries(setting).map(([op, steps]) => [op, this.steps(steps, [...at, op])]),
        );
      else if (name === "scale") node[name] = this.#scale(setting, at);
      else node[name] = setting;
    }
    return node;
  }

  /** What scales a node, with the names of the queues that it looks at. */
  #scale(scale: unknown, path: Path): unknown {
    if (typeof scale !== "object" || scale === null) return scale;
    const { queue, target, ...settings } = scale as { queue?: unknown; target?: { queue?: { of: unknown } } };
    if (queue !== undefined) {
      const rest = target === undefined ? settings : { ...settings, target };
      return { ...rest, queue: typeof queue === "string" ? queue : this.of(queue, [...path, "queue"]) };
    }
    const read = target?.queue;
    if (typeof read !== "object" || read === null || typeof read.of === "string") return scale;
    const of = this.of(read.of, [...path, "target", "queue", "of"]);
    return { ...settings, target: { ...target, queue: { ...read, of } } };
  }

  /** Steps as a document; anything that is no list of steps stays as it is, to be refused. */
  steps(value: unknown, path: Path): unknown {
    if (!Array.isArray(value)) return value;
    if (path.length > 4 * limits.depth) fail("model-too-large", path, `is nested more than ${limits.depth} deep`);
    return value.map((step: unknown, i) => this.#step(step, [...path, i]));
  }

  #step(step: unknown, path: Path): unknown {
    if (typeof step !== "object" || step === null) return step;
    const node = definitionOf(step);
    if (node !== undefined)
      fail("model-invalid", path, `is a ${String(node["kind"])}, not a step: call one of its operations`);
    const { kind, ...fields } = step as Record<string, unknown>;
    void kind;
    for (const [name, value] of Object.entries(fields)) {
      const at = [...path, name];
      if (name === "to") fields[name] = this.of(value, at);
      else if (name === "steps" || name === "miss") fields[name] = this.steps(value, at);
      else if (name === "branches" && Array.isArray(value))
        fields[name] = value.map((branch: unknown, i) => this.#branch(branch, [...at, i]));
      else if (name === "jitter" || name === "probability") fields[name] = ratio(value, at);
    }
    return fields;
  }

  #branch(branch: unknown, path: Path): unknown {
    if (Array.isArray(branch)) return this.steps(branch, path);
    if (typeof branch !== "object" || branch === null) return branch;
    return { ...branch, steps: this.steps((branch as Record<string, unknown>)["steps"], [...path, "steps"]) };
  }
}

function ratio(value: unknown, path: Path): unknown {
  if (typeof value !== "string") return value;
  try {
    return parseRatio(value);
  } catch (cause) {
    throw new ArchitechError("model-invalid", `${place(path)}: ${(cause as Error).message}`, { path, cause });
  }
}
