import type { ShardsDocument } from "./database-document.js";
import type { ModelDocument } from "./document.js";

/** Whether keys of some database move. */
export function movesKeys({ nodes }: ModelDocument): boolean {
  return Object.values(nodes).some((node) => node.kind === "database" && node.shards?.reshard !== undefined);
}

/** Shards that there are at most, before or after. */
export function mostShards(shards: ShardsDocument | undefined): number {
  return Math.max(shards?.count ?? 1, shards?.reshard?.to ?? 1);
}

/** How many slots there are: by default so many that every shard has the same, before and after. */
export function slotCount({ count, reshard }: ShardsDocument): number {
  return reshard?.slots ?? count * (reshard?.to ?? 1);
}

/** The shard of each slot at first: where the shards without slots have its keys. */
export function slotsOf(shards: ShardsDocument): number[] {
  const slots = slotCount(shards);
  const { by, count } = shards;
  return Array.from({ length: slots }, (_, slot) =>
    by === "range" ? Math.floor((slot * count) / slots) : slot % count,
  );
}

/**
 * The moves, in their order. New shards have nothing, and those that go have to give everything away; else whoever has
 * the most gives its last slot to whoever has the least, as long as they differ by more than one.
 */
export function movesOf(shards: ShardsDocument): { slot: number; from: number; to: number }[] {
  const { count, reshard } = shards;
  const { to: after } = reshard!;
  const owned: number[][] = Array.from({ length: Math.max(count, after) }, () => []);
  for (const [slot, shard] of slotsOf(shards).entries()) owned[shard]!.push(slot);
  const moves: { slot: number; from: number; to: number }[] = [];
  for (;;) {
    const stay = owned.slice(0, after);
    const to = indexOfLeast(stay, (slots) => slots.length);
    const leaving = owned.findIndex((slots, shard) => shard >= after && slots.length > 0);
    const from = leaving >= 0 ? leaving : indexOfLeast(stay, (slots) => -slots.length);
    if (leaving < 0 && owned[from]!.length - owned[to]!.length < 2) return moves;
    const slot = owned[from]!.pop()!;
    owned[to]!.push(slot);
    moves.push({ slot, from, to });
  }
}

function indexOfLeast<Of>(of: readonly Of[], value: (of: Of) => number): number {
  return of.reduce((best, one, i) => (value(one) < value(of[best]!) ? i : best), 0);
}
