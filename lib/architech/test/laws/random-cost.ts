import fc from "fast-check";
import type { CostDocument } from "#src/model/cost-document.js";
import type { NodeDocument } from "#src/model/node-document.js";

const cost = fc.record(
  {
    replicaHour: fc.constantFrom(0, 0.5),
    request: fc.constant(0.001),
    moved: fc.constant({ gbMoved: 0.1, moved: "20KB" }),
    stored: fc.constant({ gbHour: 0.2, stored: "5GB" }),
  },
  { requiredKeys: [] },
);

/** What all nodes of a model cost; cores where there is a number of them. */
export const costs: fc.Arbitrary<(node: NodeDocument) => NodeDocument> = fc
  .option(cost, { nil: undefined, freq: 3 })
  .map((cost) => (node) => {
    if (cost === undefined) return node;
    const { moved, stored, ...prices } = cost;
    const counted = node.kind === "service" && (node.threads ?? node.cores) !== undefined;
    const all: CostDocument = { ...prices, ...moved, ...stored, ...(counted ? { coreHour: 0.1 } : {}) };
    return { ...node, cost: all };
  });
