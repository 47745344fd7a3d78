// One step of a load: so many acts a second for some seconds, and what came of it.
import { mean, quantile } from "../bench/measure/statistics.mjs";
import { arrivals } from "./arrivals.mjs";

/** What is still healthy: 99 of 100 acts in a second, 95 of 100 runs in five, and 99 of 100 done. */
const healthy = { p99Ms: 1_000, runP95Ms: 5_000, failedShare: 0.01 };

/** Acts that may be open at once; further ones are turned away by the load itself. */
const mostOpen = 4_000;

export async function step({ cluster, users, rate, seconds, random, signal }) {
  const before = cluster.use();
  const own = process.cpuUsage();
  const { done, drainMs } = await arrivals({ rate, seconds, most: mostOpen, random, act: () => users.act(), signal });
  const whole = seconds + drainMs / 1_000;
  return { rate, seconds, drainMs, ...summary({ done, whole, before, after: cluster.use(), own }) };
}

/** What acts came to, and what each process used for them in the whole time, s. */
export function summary({ done, whole, before, after, own }) {
  const { user, system } = process.cpuUsage(own);
  const good = done.filter(({ outcome }) => outcome === "ok");
  const bad = done.filter(({ outcome }) => outcome !== "ok");
  const use = Object.entries(after).map(([name, { cpu, bytes }]) => {
    const used = cpu - (before[name]?.cpu ?? 0);
    return [name, { cpuMsPerAct: (used * 1_000) / good.length, util: used / whole, bytes }];
  });
  return {
    acts: done.length,
    doneRate: good.length / whole,
    // Runs take as long as they have to, and wait in a queue for workers.
    ms: latency(good.filter(({ kind }) => kind !== "run")),
    kinds: Object.fromEntries(
      Object.entries(grouped(good)).map(([kind, its]) => [kind, { count: its.length, ...latency(its) }]),
    ),
    outcomes: counted(bad.map(({ outcome }) => outcome)),
    polite: bad.filter(({ polite }) => polite).length,
    failedShare: done.length === 0 ? 0 : bad.length / done.length,
    processes: Object.fromEntries(use),
    loadMsPerAct: (user + system) / 1e3 / good.length,
    loadUtil: (user + system) / 1e6 / whole,
  };
}

/** Why a step is not healthy; undefined when it is. */
export function broken({ ms, kinds, failedShare, acts }) {
  if (acts === 0) return "nothing was asked";
  if (failedShare > healthy.failedShare) return `${(100 * failedShare).toFixed(1)} % of the acts failed`;
  if (!(ms.p99 <= healthy.p99Ms)) return `p99 is ${ms.p99?.toFixed(0)} ms`;
  if (kinds.run?.p95 > healthy.runP95Ms) return `p95 of runs is ${kinds.run.p95.toFixed(0)} ms`;
  return undefined;
}

function latency(acts) {
  const all = acts.map(({ ms }) => ms);
  return { mean: mean(all), p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99) };
}

function counted(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function grouped(acts) {
  const groups = {};
  for (const act of acts) (groups[act.kind] ??= []).push(act);
  return groups;
}
