import { quoted } from "../units/amount.js";
import { fail } from "./check.js";
import type { GroupDocument } from "./group-document.js";
import type { Node } from "./node.js";
import type { Nodes } from "./scenario.js";
import type { Path } from "./shape.js";

/** What `model` takes: nodes, and groups of nodes, by name. */
export type Parts = { readonly [name: string]: Node | AnyGroup };

/** Nodes that are used together, of which others see the ports. */
export type Group<N extends Parts = Parts, P extends Parts = N> = P & {
  readonly kind: "group";
  /** What is in it: known to types only. */
  readonly parts?: N;
};

interface AnyGroup {
  readonly kind: "group";
}

/** Names of the nodes in some parts: those of a group's begin with its name and a hyphen. */
type NameIn<N> = {
  [K in keyof N & string]: N[K] extends { readonly kind: "group"; readonly parts?: infer M } ? `${K}-${NameIn<M>}` : K;
}[keyof N & string];

type NodeAt<N, Name extends string> = Name extends keyof N
  ? N[Name]
  : Name extends `${infer G}-${infer Rest}`
    ? G extends keyof N
      ? N[G] extends { readonly kind: "group"; readonly parts?: infer M }
        ? NodeAt<M, Rest>
        : never
      : never
    : never;

/** The nodes of some parts by their names in the model: `eu-api` is the node `api` of the group `eu`. */
export type Ungrouped<N> = N extends Nodes ? N : { readonly [Name in NameIn<N>]: Extract<NodeAt<N, Name>, Node> };

const partsOf = new WeakMap<object, Parts>();

/**
 * A part of a system that can be used more than once: `const eu = group({ api, orders }, { api })`. Its nodes are called
 * `eu-api` and `eu-orders` in the model that lists it as `eu`; from outside `eu.api` is called. The second argument says
 * which of them others see; by default all. A function that makes a group is a part with parameters.
 */
export function group<const N extends Parts, const P extends Parts = N>(nodes: N, ports?: P): Group<N, P> {
  const self = Object.freeze({ ...(ports ?? nodes), kind: "group" }) as unknown as Group<N, P>;
  partsOf.set(self, Object.freeze({ ...nodes }));
  return self;
}

/**
 * The nodes of some parts by their names in the model, and which of them belong together. Throws `node-duplicate` where
 * two nodes would have one name.
 */
export function ungrouped(parts: Parts): {
  readonly nodes: Readonly<Record<string, Node>>;
  readonly groups: Readonly<Record<string, GroupDocument>>;
} {
  const nodes: Record<string, Node> = {};
  const visit = (parts: Parts, prefix: string, path: Path): Required<GroupDocument> => {
    if (path.length > 20) fail("model-too-large", path.slice(0, 3), "is a group nested more than 20 deep");
    const names: string[] = [];
    const groups: Record<string, GroupDocument> = {};
    for (const [name, part] of Object.entries(parts)) {
      const members = typeof part === "object" && part !== null ? partsOf.get(part) : undefined;
      if (members !== undefined) groups[name] = withoutEmpty(visit(members, `${prefix}${name}-`, [...path, name]));
      else if (Object.hasOwn(nodes, prefix + name))
        fail("node-duplicate", [...path, name], `would be called ${quoted(prefix + name)}, as another node is already`);
      else {
        nodes[prefix + name] = part as Node;
        names.push(prefix + name);
      }
    }
    return { nodes: names, groups };
  };
  const { groups } = visit(parts, "", ["nodes"]);
  return { nodes, groups };
}

function withoutEmpty({ nodes, groups }: Required<GroupDocument>): GroupDocument {
  return {
    ...(nodes.length === 0 ? {} : { nodes }),
    ...(Object.keys(groups).length === 0 ? {} : { groups }),
  };
}
