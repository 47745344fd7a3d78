/** More servers than anyone has: a station that never makes anyone wait. */
export const unlimited = 0x1fffffff;

/** Servers that frames take and give back. */
export interface StationPlan {
  readonly servers: number;
  /** Integral of the frames that wait here. */
  readonly gauge: number;
  /** Count of waiting frames that this station adds to. */
  readonly depth: number;
  /** Frames that wait at most. Default: no limit. */
  readonly room?: number;
  /** Who is next: `lineOrder`. Default: the one that has waited longest. */
  readonly order?: number;
  /** Waiting at it is no wait of the node whose frame waits: a wire, a partition. Needs an order of lines.ts. */
  readonly quiet?: boolean;
  /** What its line, or the sharing of its cores, keeps: see `core/lines.ts` and `core/sharing.ts`. */
  readonly record?: RecordPlan;
}

/** Orders of a line. */
export const lineOrder = { fifo: 0, lifo: 1, ranked: 2, linked: 3 } as const;

/** Sixteen ints: whole numbers from the front, doubles at the end. */
export interface RecordPlan {
  readonly ints: readonly number[];
  readonly doubles: readonly number[];
  /** Room for doubles of its own, and the int that holds its place. */
  readonly room?: { readonly at: number; readonly doubles: number };
}

/** Ints of a station; operands name stations by the offset of their first int from that of all stations. */
export const stationStride = 16;
