import type { Bandwidth } from "../units/bandwidth.js";
import type { Duration } from "../units/duration.js";
import type { Ratio } from "../units/ratio.js";
import type { Size } from "../units/size.js";
import type { Node } from "./node.js";
import type { CheckedDuration, CheckedRatio, CheckedTime, Time, TimeLike } from "./time.js";

/** How calls of one node by another travel. Made by `hop`, given to `model()` as part of its network. */
export interface Hop {
  readonly from: Node | "traffic";
  readonly to: Node;
}

export interface HopSettings<L, P, R> {
  /** One way. Default: as the zones of both say. */
  readonly latency?: CheckedTime<L>;
  /** One message after the other in each direction: "10Gbps". Default: no limit. */
  readonly bandwidth?: Bandwidth;
  /** Size of a request, and of an answer. Default 0. */
  readonly request?: Size;
  readonly response?: Size;
  /** Share of messages that are lost and sent again: 0.01 or "1%". Default 0. */
  readonly loss?: CheckedRatio<P>;
  /** Time until a lost message is sent again; it doubles each time. Default "200ms". */
  readonly retransmit?: CheckedDuration<R>;
}

/** How calls of `to` by `from` travel, there and back: `hop(api, orders, { latency: "0.5ms" })`. "traffic" stands for the clients. */
export function hop<L extends TimeLike = Time, P extends string | number = Ratio, R extends TimeLike = Duration>(
  from: Node | "traffic",
  to: Node,
  settings: HopSettings<L, P, R>,
): Hop {
  return Object.freeze({ from, to, ...settings });
}

/** Nodes that stand together. */
export interface Zone {
  /** Default: a region of its own. */
  readonly region?: string;
  readonly nodes: readonly Node[];
}

/** How long messages between nodes take, and which nodes stand together. */
export interface Network {
  readonly zones?: Readonly<Record<string, Zone>>;
  /** One way: within a zone, between zones of one region, between regions. Default: no time. */
  readonly latency?: { readonly zone?: Time; readonly region?: Time; readonly world?: Time };
  readonly hops?: readonly Hop[];
}
