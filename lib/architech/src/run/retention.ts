/** How many runs that are over are kept, and their bytes. */
export interface RetentionLimits {
  /** Of each user. Default 200. */
  readonly maxKept?: number;
  /** In all. Default 2 GiB. */
  readonly maxKeptBytes?: number;
}

/** A run that is over. */
export interface KeptRun {
  readonly id: string;
  readonly user: string;
  readonly bytes: number;
}

/**
 * The runs that make room for others, those that are needed stay: the oldest of each user who has more than may be, then,
 * as long as all together are too large, the oldest of whoever has most. The newest of each user stays, whatever its
 * size: someone is about to read it.
 */
export function surplusRuns(
  oldestFirst: readonly KeptRun[],
  { maxKept = 200, maxKeptBytes = 2 * 2 ** 30 }: RetentionLimits,
  isNeeded: (id: string) => boolean = () => false,
): string[] {
  const users = new Map<string, UserRuns>();
  for (const run of oldestFirst) {
    const runs = users.get(run.user) ?? new UserRuns();
    users.set(run.user, runs);
    runs.add(run);
  }
  const surplus: string[] = [];
  const drop = (runs: UserRuns): boolean => {
    const id = runs.dropOldest(isNeeded);
    if (id !== undefined) surplus.push(id);
    return id !== undefined;
  };
  for (const runs of users.values()) while (runs.count > maxKept && drop(runs));
  const open = new Set(users.values());
  while (sum(users.values()) > maxKeptBytes && open.size > 0) {
    const largest = [...open].reduce((most, runs) => (runs.bytes > most.bytes ? runs : most));
    if (!drop(largest)) open.delete(largest);
  }
  return surplus;
}

/** The runs of one user, oldest first. */
class UserRuns {
  bytes = 0;
  readonly #runs: KeptRun[] = [];

  get count(): number {
    return this.#runs.length;
  }

  add(run: KeptRun): void {
    this.#runs.push(run);
    this.bytes += run.bytes;
  }

  /** Undefined where none but the newest may go. */
  dropOldest(isNeeded: (id: string) => boolean): string | undefined {
    const place = this.#runs.findIndex(({ id }, i) => i < this.#runs.length - 1 && !isNeeded(id));
    if (place < 0) return undefined;
    const [{ id, bytes }] = this.#runs.splice(place, 1) as [KeptRun];
    this.bytes -= bytes;
    return id;
  }
}

function sum(all: Iterable<UserRuns>): number {
  let bytes = 0;
  for (const runs of all) bytes += runs.bytes;
  return bytes;
}
