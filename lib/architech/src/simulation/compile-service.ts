import { stationStride } from "../engine/station-plan.js";
import type { BalanceDocument } from "../model/balance-document.js";
import type { ServiceDocument } from "../model/service-document.js";
import type { Compilation } from "./compile.js";
import { isPlain, planBalancer } from "./compile-balance.js";
import { rejectionsOf } from "./compile-line.js";
import { planResting } from "./compile-resting.js";
import { placesOf, planScale, resizes } from "./compile-scale.js";
import { compileSharing } from "./compile-sharing.js";
import type { CompiledNode, CompiledOp, MakeOp } from "./compiled-node.js";
import type { NodeLayout } from "./layout.js";

/** Gives a service its stations: one for each replica's threads, and one for its cores where they are fewer. */
export function planService(
  compilation: Compilation,
  bare: NodeLayout,
  document: ServiceDocument,
  down: boolean,
  op: MakeOp,
): Pick<
  CompiledNode,
  | "layout"
  | "ops"
  | "firstStation"
  | "threadStations"
  | "coreOffset"
  | "sharesCores"
  | "rotation"
  | "scaled"
  | "balancer"
  | "resting"
> {
  const { scale } = document;
  const replicas = scale === undefined ? (document.replicas ?? 1) : placesOf(document);
  const threads = document.threads ?? Number.POSITIVE_INFINITY;
  const cores = document.cores ?? threads;
  const limitedCores = cores < threads || resizes(scale);
  const balances = replicas > 1 && document.balance !== undefined && !isPlain(document.balance);
  const waits = down || balances || limitedCores || scale !== undefined || threads < Number.POSITIVE_INFINITY;
  const ops = opsOf(compilation, document, op);
  const threadQueue = waits ? compilation.gauges++ : -1;
  const coreQueue = limitedCores ? compilation.gauges++ : -1;
  const sharing = limitedCores ? compileSharing(document.scheduling ?? "fifo", compilation.gauges) : undefined;
  const busyShared = sharing === undefined ? -1 : compilation.gauges++;
  const depth = waits ? compilation.depths++ : -1;
  const firstStation = waits ? compilation.stations.length : -1;
  if (waits) addStations(compilation, replicas, threads, threadQueue, depth, document.queue);
  if (limitedCores) addStations(compilation, replicas, cores, coreQueue, depth, undefined, sharing);
  const scaled =
    scale === undefined
      ? undefined
      : planScale(compilation, bare.name, document, {
          firstStation,
          lobby: compilation.station(0, threadQueue, depth),
          worker: -1,
          threads: threads < Number.POSITIVE_INFINITY ? threads : 0,
          cores: cores < Number.POSITIVE_INFINITY ? cores : 0,
          coreOffset: limitedCores ? replicas * stationStride : 0,
        });
  const initial = scaled?.plan.initial ?? replicas;
  const each = scale === undefined ? replicas : 1;
  // Where all that an operation does is use a core, busy threads are busy cores, and nothing more need be kept.
  const onlyCpu = !limitedCores && document.coldStart === undefined && ops.onlyCpu;
  const finite = cores < Number.POSITIVE_INFINITY;
  return {
    layout: {
      ...bare,
      meters: ops.meters,
      ops: ops.metersOf,
      replicas: each,
      scaled: scaled?.plan,
      capacity: each * threads,
      cores: finite ? each * cores : Number.NaN,
      busyCores: busyShared >= 0 ? busyShared : finite && !onlyCpu ? compilation.gauges++ : -1,
      threadQueue,
      coreQueue,
      depth,
      rejections: rejectionsOf(compilation, document.queue),
      colds: document.coldStart === undefined ? -1 : coldCounters(compilation),
    },
    ops: ops.compiled,
    firstStation,
    threadStations: waits ? replicas : 0,
    coreOffset: limitedCores ? replicas * stationStride : 0,
    sharesCores: sharing !== undefined,
    rotation: compilation.counters++,
    scaled,
    resting: planResting(compilation, document, firstStation),
    balancer: balances ? balancerOf(compilation, bare.name, document.balance!, firstStation, replicas, initial) : -1,
  };
}

interface ServiceOps {
  readonly compiled: ReadonlyMap<string, CompiledOp>;
  readonly meters: readonly number[];
  readonly metersOf: ReadonlyMap<string, readonly number[]>;
  /** Whether each does nothing but use a core. */
  readonly onlyCpu: boolean;
}

/** Gives each operation its meter. */
function opsOf(compilation: Compilation, document: ServiceDocument, op: MakeOp): ServiceOps {
  const compiled = new Map<string, CompiledOp>();
  const meters: number[] = [];
  const metersOf = new Map<string, readonly number[]>();
  let onlyCpu = true;
  for (const [name, steps] of Object.entries(document.ops)) {
    const meter = compilation.meters++;
    compiled.set(name, op(meter, steps));
    meters.push(meter);
    metersOf.set(name, [meter]);
    onlyCpu &&= steps.length === 1 && steps[0]?.do === "cpu";
  }
  return { compiled, meters, metersOf, onlyCpu };
}

/** One for each replica. */
function addStations(compilation: Compilation, replicas: number, ...station: Parameters<Compilation["station"]>): void {
  for (let i = 0; i < replicas; i++) compilation.station(...station);
}

function coldCounters(compilation: Compilation): number {
  compilation.counters += 2;
  return compilation.counters - 2;
}

/** Gives the balancer in front of so many replicas its place, of which the first are there at first. */
function balancerOf(
  compilation: Compilation,
  name: string,
  balance: BalanceDocument,
  firstStation: number,
  replicas: number,
  initial: number,
): number {
  const candidates = Array.from({ length: replicas }, (_, i) => ({
    station: firstStation + i,
    near: false,
    there: i < initial,
  }));
  return compilation.balancers.push(planBalancer(compilation, balance, `${name}/balance`, candidates)) - 1;
}
