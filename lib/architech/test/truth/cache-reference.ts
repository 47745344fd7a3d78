// Caches as textbooks describe them, on plain arrays: what the engine's are held against, request by request.

/** Answers whether a key was there, and has it there afterwards. */
export type Reference = (key: number) => boolean;

/** Draws from 0 to 1. */
export type Draw = () => number;

export const references: Readonly<Record<string, (entries: number, draw: Draw) => Reference>> = {
  lru: (entries) => {
    const recent: number[] = [];
    return (key) => {
      const at = recent.indexOf(key);
      if (at >= 0) recent.splice(at, 1);
      recent.unshift(key);
      if (recent.length > entries) recent.pop();
      return at >= 0;
    };
  },

  fifo: (entries) => {
    const line: number[] = [];
    return (key) => {
      if (line.includes(key)) return true;
      line.push(key);
      if (line.length > entries) line.shift();
      return false;
    };
  },

  /** A clock face with a hand and a bit at each place (Corbató 1968); the bit of what comes in is not set. */
  clock: (entries) => {
    const face: { key: number; asked: boolean }[] = [];
    let hand = 0;
    return (key) => {
      const there = face.find((place) => place.key === key);
      if (there !== undefined) {
        there.asked = true;
        return true;
      }
      if (face.length < entries) {
        face.push({ key, asked: false });
        return false;
      }
      while (face[hand]!.asked) {
        face[hand]!.asked = false;
        hand = (hand + 1) % entries;
      }
      face[hand] = { key, asked: false };
      hand = (hand + 1) % entries;
      return false;
    };
  },

  /** Two LRU lists; a fifth of the entries, rounded up, are on probation at least. */
  slru: (entries) => {
    const probation: number[] = [];
    const protectedOnes: number[] = [];
    const most = Math.floor(0.8 * entries);
    return (key) => {
      for (const list of [protectedOnes, probation]) {
        const at = list.indexOf(key);
        if (at < 0) continue;
        list.splice(at, 1);
        protectedOnes.unshift(key);
        if (protectedOnes.length > most) probation.unshift(protectedOnes.pop()!);
        return true;
      }
      if (probation.length + protectedOnes.length === entries) (probation.length > 0 ? probation : protectedOnes).pop();
      probation.unshift(key);
      return false;
    };
  },

  random: (entries, draw) => {
    const places: number[] = [];
    return (key) => {
      if (places.includes(key)) return true;
      if (places.length < entries) places.push(key);
      else places[Math.floor(draw() * entries)] = key;
      return false;
    };
  },

  /** Counts while an entry is in; of those asked for least often, the one for the longest time not goes. */
  lfu: (entries) => {
    const held = new Map<number, { times: number; last: number }>();
    let now = 0;
    return (key) => {
      now++;
      const there = held.get(key);
      if (there !== undefined) {
        there.times++;
        there.last = now;
        return true;
      }
      if (held.size === entries) {
        const [out] = [...held].sort(([, a], [, b]) => a.times - b.times || a.last - b.last)[0]!;
        held.delete(out);
      }
      held.set(key, { times: 1, last: now });
      return false;
    };
  },
};
