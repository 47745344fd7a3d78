/** What a node was made from, with nodes in place of names, for `model()`. */
const definitions = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** The settings that a value made by one of the factories here stands for. */
export function definitionOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? definitions.get(value) : undefined;
}

/** Notes what a node was made from, and freezes it. */
export function define<N extends { readonly kind: string }>(node: N, settings: object): N {
  definitions.set(node, { kind: node.kind, ...settings });
  return Object.freeze(node);
}
