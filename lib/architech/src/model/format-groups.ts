import { limits, type ObjectShape, type Shape } from "./shape.js";
import { object, optional, reference } from "./shape-parts.js";

/** Groups of nodes by name. */
export const groups: Shape = {
  shape: "named",
  of: () => group,
  what: "a group",
  least: 0,
  most: limits.nodes,
};

const group: ObjectShape = {
  ...object("a group", {
    nodes: optional(
      { shape: "list", of: () => reference, what: "nodes", least: 0, most: limits.nodes },
      "Names of nodes, each of which stands in one group at most.",
    ),
    groups: optional(groups),
  }),
  shared: true,
};
