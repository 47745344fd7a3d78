import type { FaultDocument } from "./fault-document.js";
import type { GroupDocument } from "./group-document.js";
import type { NetworkDocument } from "./network-document.js";
import type { NodeDocument } from "./node-document.js";
import type { TrafficDocument } from "./traffic-document.js";

/**
 * A model as data: what `model.toJSON()` writes, what `*.arch.json` files hold, what a run request carries.
 * Amounts are strings with units ("4ms", "120rps"), parsed once where they are compiled.
 */
export interface ModelDocument {
  readonly $schema?: string;
  /** Version of the format. */
  readonly architech: 1;
  readonly name?: string;
  readonly nodes: Readonly<Record<string, NodeDocument>>;
  readonly traffic: TrafficDocument;
  readonly network?: NetworkDocument;
  readonly faults?: readonly FaultDocument[];
  /** What belongs together, by name. Ignored by the simulation. */
  readonly groups?: Readonly<Record<string, GroupDocument>>;
  /** Where the diagram puts each node, in its own coordinates. Ignored by the simulation. */
  readonly layout?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}
