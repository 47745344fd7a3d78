import { ArchitechError } from "@architech/protocol";
import { quoted } from "../units/amount.js";
import { parseRatio } from "../units/ratio.js";
import { fail, isName, place } from "./check.js";
import { type CustomCode, codeOf } from "./custom.js";
import { definitionOf } from "./definition.js";
import type { Network } from "./hop.js";
import { limits, type Path } from "./shape.js";

/** Settings of nodes that may be written as percentages. */
export const ratios: ReadonlySet<string> = new Set(["hitRatio", "ttlJitter", "failureRate", "slowRate", "ratio"]);
/** Those of steps. */
const stepRatios: ReadonlySet<string> = new Set(["jitter", "probability"]);

/** Settings that hold a node, and a list of steps. */
const references: ReadonlySet<string> = new Set(["worker.takes", "cache.fronts", "queue.deadLetter"]);
const sequences: ReadonlySet<string> = new Set(["worker.work", "job.steps"]);

/**
 * Turns nodes and steps, which refer to each other as values, into a document, where they do so by name.
 * Only names are settled here; whether anything else is right is for `validate` to say.
 */
export class Names {
  readonly #names = new Map<object, string>();
  /** What custom steps run, and where in the document they stand. */
  readonly codes: { readonly path: Path; readonly code: CustomCode }[] = [];

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
        fail("model-invalid", ["nodes", name], `is ${quoted(node)}: a node is expected, as service() makes one`);
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
      if (references.has(`${String(kind)}.${name}`)) node[name] = this.of(setting, at);
      else if ((kind === "topic" || kind === "gateway") && name === "to" && Array.isArray(setting))
        node[name] = setting.map((to: unknown, i) => this.of(to, [...at, i]));
      else if (ratios.has(name)) node[name] = ratio(setting, at);
      else if (sequences.has(`${String(kind)}.${name}`) && Array.isArray(setting)) node[name] = this.steps(setting, at);
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

  /** A fault as a document. */
  fault(value: unknown, i: number): unknown {
    if (typeof value !== "object" || value === null) return value;
    const { kind, ...fields } = value as Record<string, unknown>;
    void kind;
    const path = ["faults", i];
    if (fields["node"] !== undefined) fields["node"] = this.of(fields["node"], [...path, "node"]);
    if (Array.isArray(fields["between"]))
      fields["between"] = fields["between"].map((place: unknown, k) => this.#place(place, [...path, "between", k]));
    if (fields["probability"] !== undefined)
      fields["probability"] = ratio(fields["probability"], [...path, "probability"]);
    return fields;
  }

  /** A network as a document. */
  network({ zones, hops, ...others }: Network): unknown {
    const path = ["network"];
    return {
      ...(zones === undefined
        ? {}
        : {
            zones: Object.fromEntries(
              Object.entries(zones).map(([name, { nodes, ...zone }]) => {
                const at = [...path, "zones", name, "nodes"];
                return [name, { ...zone, nodes: nodes.map((node, i) => this.of(node, [...at, i])) }];
              }),
            ),
          }),
      ...others,
      ...(hops === undefined
        ? {}
        : {
            hops: hops.map(({ from, to, ...settings }, i) => {
              const at = [...path, "hops", i];
              const { loss, ...own } = settings as Record<string, unknown>;
              return {
                from: this.#place(from, [...at, "from"]),
                to: this.of(to, [...at, "to"]),
                ...own,
                ...(loss === undefined ? {} : { loss: ratio(loss, [...at, "loss"]) }),
              };
            }),
          }),
    };
  }

  /** The name of a node, or a name that stands for itself. */
  #place(value: unknown, path: Path): unknown {
    return typeof value === "string" ? value : this.of(value, path);
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
    const code = codeOf(step);
    if (code !== undefined) this.codes.push({ path, code: runnable(code, path) });
    for (const [name, value] of Object.entries(fields)) {
      const at = [...path, name];
      if (fields["do"] === "custom" && name === "steps" && typeof value === "object" && value !== null)
        fields[name] = Object.fromEntries(
          Object.entries(value).map(([list, steps]) => [list, this.steps(steps, [...at, list])]),
        );
      else if (name === "to" || name === "by" || name === "budget") fields[name] = this.of(value, at);
      else if (name === "steps" || name === "miss") fields[name] = this.steps(value, at);
      else if (name === "branches" && Array.isArray(value))
        fields[name] = value.map((branch: unknown, i) => this.#branch(branch, [...at, i]));
      else if (stepRatios.has(name) && value !== "decorrelated") fields[name] = ratio(value, at);
    }
    return fields;
  }

  #branch(branch: unknown, path: Path): unknown {
    if (Array.isArray(branch)) return this.steps(branch, path);
    if (typeof branch !== "object" || branch === null) return branch;
    return { ...branch, steps: this.steps((branch as Record<string, unknown>)["steps"], [...path, "steps"]) };
  }
}

function runnable(code: CustomCode, path: Path): CustomCode {
  for (const [what, value] of [["generator function", code.run] as const, ["function as state", code.state] as const])
    if (typeof value !== "function" && (value !== undefined || what === "generator function"))
      fail("model-invalid", path, `has ${quoted(value)} where custom() needs a ${what}`);
  return code;
}

function ratio(value: unknown, path: Path): unknown {
  if (typeof value !== "string") return value;
  try {
    return parseRatio(value);
  } catch (cause) {
    throw new ArchitechError("model-invalid", `${place(path)}: ${(cause as Error).message}`, { path, cause });
  }
}
