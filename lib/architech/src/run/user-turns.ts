/** Something of somebody. */
export interface OfUser {
  readonly user: string;
}

/** Whose everything is where nobody is told apart: in a process of one person, on a server with one token. */
export const localUser = "architect";

/** What several users have, each of them in turn, and of each user everything in turn: many things of one get no more than one of another. */
export class UserTurns<T extends OfUser> {
  /** Of each user; the next in turn is first. */
  #lines: { readonly user: string; readonly items: T[] }[] = [];

  add(item: T): void {
    const line = this.#lines.find(({ user }) => user === item.user);
    if (line === undefined) this.#lines.push({ user: item.user, items: [item] });
    else line.items.push(item);
  }

  remove(item: T): void {
    this.#lines = this.#lines
      .map(({ user, items }) => ({ user, items: items.filter((other) => other !== item) }))
      .filter(({ items }) => items.length > 0);
  }

  /** What the first in turn gives that gives something; its user, and itself among that user's, is the last from then on. */
  draw<R>(from: (item: T) => R | undefined): R | undefined {
    for (const line of this.#lines) {
      const { items } = line;
      for (const item of items) {
        const drawn = from(item);
        if (drawn === undefined) continue;
        toEnd(items, item);
        toEnd(this.#lines, line);
        return drawn;
      }
    }
    return undefined;
  }
}

/**
 * Of those that wait, in the order in which they came, the next to begin: the first of the user of whom the fewest are
 * under way. Without room there is none but of a user of whom nothing is, so that nobody waits for all that another has.
 */
export function nextOfUsers<T extends OfUser>(
  waiting: readonly T[],
  underWay: readonly OfUser[],
  hasRoom: boolean,
): T | undefined {
  const counts = new Map<string, number>();
  for (const { user } of underWay) counts.set(user, (counts.get(user) ?? 0) + 1);
  const countOf = ({ user }: OfUser): number => counts.get(user) ?? 0;
  const [first, ...others] = waiting;
  if (first === undefined) return undefined;
  const next = others.reduce((best, item) => (countOf(item) < countOf(best) ? item : best), first);
  return hasRoom || countOf(next) === 0 ? next : undefined;
}

function toEnd<T>(list: T[], item: T): void {
  list.splice(list.indexOf(item), 1);
  list.push(item);
}
