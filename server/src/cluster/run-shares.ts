/** A run under way, as far as it matters for what is its share. */
export interface SharingRun {
  readonly id: string;
  readonly user: string;
  readonly created: number;
}

/**
 * What each run may have of so many places: an even part for each user, and of that an even part for each of the user's
 * runs. Whoever has more runs than places has them for the oldest.
 */
export function sharesOf(runs: readonly SharingRun[], places: number): ReadonlyMap<string, number> {
  const users = new Map<string, SharingRun[]>();
  for (const run of runs) users.set(run.user, [...(users.get(run.user) ?? []), run]);
  const part = Math.max(1, Math.ceil(places / Math.max(1, users.size)));
  const shares = new Map<string, number>();
  for (const own of users.values()) {
    own.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
    for (const [i, { id }] of own.entries())
      shares.set(id, Math.floor(part / own.length) + (i < part % own.length ? 1 : 0));
  }
  return shares;
}
