import type { TimeDocument } from "./time-document.js";

/** How long messages between nodes take, and which nodes stand together. */
export interface NetworkDocument {
  /** Zones by name; a node stands in one at most. */
  readonly zones?: Readonly<Record<string, ZoneDocument>>;
  /** One way, by how far apart the zones are. Default: no time. */
  readonly latency?: {
    /** Within a zone. */
    readonly zone?: TimeDocument;
    /** Between zones of one region. */
    readonly region?: TimeDocument;
    /** Between regions. */
    readonly world?: TimeDocument;
  };
  /** Hops that are not as their zones say. */
  readonly hops?: readonly HopDocument[];
}

export interface ZoneDocument {
  /** Default: a region of its own. */
  readonly region?: string;
  readonly nodes: readonly string[];
}

/** Calls of one node by another, there and back. */
export interface HopDocument {
  /** A node, or "traffic": the clients. */
  readonly from: string;
  readonly to: string;
  /** One way. Default: as the zones say. */
  readonly latency?: TimeDocument;
  /** One after the other in each direction. Default: no limit. */
  readonly bandwidth?: string;
  /** Size of a request and of an answer. Default 0. */
  readonly request?: string;
  readonly response?: string;
  /** Share of messages that are lost, and sent again after `retransmit`, then after twice that, and so on. */
  readonly loss?: number;
  /** Default "200ms". */
  readonly retransmit?: string;
}
