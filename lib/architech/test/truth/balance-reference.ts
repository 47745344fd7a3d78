import type { BalancingDocument } from "#src/model/balance-document.js";
import { parseDuration } from "#src/units/duration.js";

/** What a reference knows of one of those that it chooses from: one server, which works on one after the other. */
interface Target {
  readonly weight: number;
  /** How long its work takes, and from when on until when it fails. */
  readonly ms: number;
  readonly fails: readonly (readonly [from: number, to: number])[];
  freeAt: number;
  inside: number;
  seen: number;
  saved: number;
  latency: number | undefined;
  heardAt: number;
  failures: number;
  ejections: number;
  ejectedUntil: number;
  since: number;
  out: boolean;
}

export interface ReferenceTarget {
  readonly ms: number;
  readonly fails?: readonly (readonly [from: number, to: number])[];
}

/**
 * Who is chosen for each arrival, by a straightforward balancer in front of servers that take a constant time: what is
 * over by then is dealt with in order, then it is looked who can be had, then chosen.
 */
export function chosenBy(
  balance: BalancingDocument,
  servers: readonly ReferenceTarget[],
  arrivals: readonly { readonly at: number; readonly key: number }[],
): number[] {
  const {
    by = "least-connections",
    stale = "0ms",
    decay = "10s",
    bound = Infinity,
    sticky,
    slowStart = "0ms",
  } = balance;
  const targets = servers.map(
    ({ ms, fails = [] }, i): Target => ({
      weight: balance.weights?.[i] ?? 1,
      ...{ ms, fails, freeAt: 0, inside: 0, seen: 0, saved: 0, latency: undefined, heardAt: 0 },
      ...{ failures: 0, ejections: 0, ejectedUntil: 0, since: Number.NEGATIVE_INFINITY, out: false },
    }),
  );
  const points = targets
    .flatMap(({ weight }, i) =>
      Array.from({ length: Math.max(1, Math.round((balance.points ?? 160) * weight)) }, (_, p) => ({
        hash: murmur(murmur(i + 1) + p),
        i,
      })),
    )
    .sort((a, b) => a.hash - b.hash || a.i - b.i);
  const underWay: { at: number; done: number; target: Target; failed: boolean }[] = [];
  const kept = new Map<number, { target: Target; until: number }>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let turn = 0;

  const over = (now: number): void => {
    underWay.sort((a, b) => a.done - b.done);
    while (underWay.length > 0 && underWay[0]!.done <= now) {
      const { at, done, target, failed } = underWay.shift()!;
      target.inside--;
      if (failed) eject(target, done);
      else {
        target.failures = 0;
        const latency = done - at;
        const old = target.latency;
        const share = Math.exp(-(done - target.heardAt) / parseDuration(decay));
        target.latency = old === undefined || latency > old ? latency : latency * (1 - share) + old * share;
        target.heardAt = done;
      }
    }
  };

  const eject = (target: Target, now: number): void => {
    if (balance.ejection === undefined) return;
    const { failures = 5, for: time = "30s", most = 0.1 } = balance.ejection;
    target.failures++;
    if (target.failures < failures || target.ejectedUntil > now) return;
    const out = targets.filter(({ ejectedUntil }) => ejectedUntil > now).length;
    if (out > 0 && out + 1 > most * targets.length) return;
    const ms = parseDuration(time);
    const forgotten = target.ejectedUntil > 0 ? Math.floor((now - target.ejectedUntil) / ms) : 0;
    target.ejections = Math.min(10, Math.max(0, target.ejections - forgotten) + 1);
    target.failures = 0;
    target.ejectedUntil = now + ms * target.ejections;
  };

  return arrivals.map(({ at, key }) => {
    over(at);
    const has = kept.get(key);
    let target = has !== undefined && has.until > at && has.target.ejectedUntil <= at ? has.target : undefined;
    if (target === undefined) {
      if (at >= lookedAt + parseDuration(stale)) {
        for (const target of targets) target.seen = target.inside;
        lookedAt = at;
      }
      const had: Target[] = [];
      for (const target of targets) {
        const out = target.ejectedUntil > at;
        if (target.out && !out) Object.assign(target, { since: at, latency: undefined });
        target.out = out;
        if (!out) had.push(target);
      }
      const from = had.length > 0 ? had : targets;
      const weight = (target: Target): number => {
        const age = at - target.since;
        const slow = parseDuration(slowStart);
        return age >= slow ? target.weight : target.weight * Math.max(0.1, age / slow);
      };
      const cost = (target: Target): number => {
        const load = parseDuration(stale) > 0 ? target.seen : target.inside;
        if (by !== "ewma") return (load + 1) / weight(target);
        if (target.latency === undefined) return load === 0 ? 0 : 1e300 * load;
        return target.latency * ((load + 1) / weight(target));
      };
      if (by === "first") target = from[0]!;
      else if (by === "round-robin") {
        for (const one of from) one.saved += weight(one);
        target = from.reduce((best, one) => (one.saved > best.saved ? one : best));
        target.saved -= from.reduce((sum, one) => sum + weight(one), 0);
      } else if (by === "ring") {
        const all = from.reduce((sum, { inside }) => sum + inside, 1);
        const room = Math.ceil((bound * all) / from.length);
        const first = Math.max(
          0,
          points.findIndex(({ hash }) => hash >= murmur(key)),
        );
        const around = [...points.slice(first), ...points.slice(0, first)];
        const point = around.find(({ i }) => !targets[i]!.out && targets[i]!.inside + 1 <= room);
        target = point === undefined ? from[(murmur(key) >>> 1) % from.length]! : targets[point.i]!;
      } else {
        if (turn >= from.length) turn = 0;
        const order = from.map((_, i) => from[(turn + i) % from.length]!);
        target = order.reduce((best, one) => (cost(one) < cost(best) ? one : best));
        turn = (from.indexOf(target) + 1) % from.length;
      }
      if (sticky !== undefined) kept.set(key, { target, until: at + parseDuration(sticky) });
    }
    target.inside++;
    // What fails does so at once.
    const failed = target.fails.some(([from, to]) => at >= from && at < to);
    const done = failed ? at : Math.max(at, target.freeAt) + target.ms;
    if (!failed) target.freeAt = done;
    underWay.push({ at, done, target, failed });
    return targets.indexOf(target);
  });
}

/** Appleby's finalizer of MurmurHash3. */
export function murmur(key: number): number {
  let h = key | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
