import type { Label } from "../engine/assembler.js";
import { opcodes } from "../engine/opcodes.js";
import { policyStride, stationStride, unlimited } from "../engine/program.js";
import type { LineDocument, NodeDocument, ServiceDocument, StepDocument, TimeDocument } from "../model/document.js";
import type { Compilation } from "./compile.js";
import { planPolicy } from "./compile-policy.js";
import { balanceNumber, type CompiledScale, placesOf, planScale, recordOf, resizes } from "./compile-scale.js";
import { compileSharing } from "./compile-sharing.js";
import { compileSteps } from "./compile-steps.js";
import { pricesOf } from "./cost.js";
import { distributionOf } from "./distribution.js";
import type { NodeLayout } from "./layout.js";
import type { Scope } from "./scope.js";

/** A node on its way into the tables. */
export interface CompiledNode {
  readonly document: NodeDocument;
  readonly layout: NodeLayout;
  readonly ops: ReadonlyMap<string, CompiledOp>;
  /** Its thread stations, one for each replica; its core stations follow. -1 when nothing ever waits. */
  readonly firstStation: number;
  readonly threadStations: number;
  /** Ints from a thread station to its core station; 0 without core stations. */
  readonly coreOffset: number;
  /** Whether cores are shared rather than held. */
  readonly sharesCores: boolean;
  /** Counter by which replicas take turns. */
  readonly rotation: number;
  /** Gate that says whether it refuses, or -1. */
  readonly gate: number;
  /** Index of the queue or worker, or -1. */
  readonly queue: number;
  readonly worker: number;
  /** Set where its replicas come and go. */
  readonly scaled: CompiledScale | undefined;
  /** Index of what is asked before going on, or -1. */
  readonly policy: number;
  /** Levers by which its times are multiplied, and with which it fails; -1 where that never happens. */
  readonly slow: number;
  readonly errors: number;
  /** Whether it may stand still with what is under way. */
  readonly pauses: boolean;
}

export interface CompiledOp {
  readonly entry: Label;
  readonly meter: number;
  readonly steps: readonly StepDocument[];
  /** Set when only traffic calls it, so that its latency is what clients see. */
  observed: boolean;
}

/** Gives a node its meters, stations and places in the tables; its code comes later, when all nodes have theirs. */
export function planNode(compilation: Compilation, name: string, document: NodeDocument): CompiledNode {
  const faults = compilation.nodeFaults.get(name);
  const down = faults !== undefined;
  const gate = faults?.refuse === true ? compilation.gates++ : -1;
  const none = {
    document,
    ops: new Map<string, CompiledOp>(),
    firstStation: -1,
    threadStations: 0,
    coreOffset: 0,
    sharesCores: false,
    rotation: -1,
    gate,
    queue: -1,
    worker: -1,
    scaled: undefined,
    policy: -1,
    slow: faults?.slow ?? -1,
    errors: faults?.errors ?? -1,
    pauses: faults?.pauses ?? false,
  };
  const bare: NodeLayout = {
    name,
    kind: document.kind,
    meters: [],
    ops: new Map(),
    replicas: 1,
    scaled: undefined,
    capacity: Number.NaN,
    cores: Number.NaN,
    busyCores: -1,
    threadQueue: -1,
    coreQueue: -1,
    depth: -1,
    rejections: -1,
    prices: pricesOf(document.cost),
    level: -1,
    hits: -1,
  };
  const op = (meter: number, steps: readonly StepDocument[]): CompiledOp => ({
    entry: compilation.assembler.label(),
    meter,
    steps,
    observed: false,
  });
  switch (document.kind) {
    case "service":
      return { ...none, ...planService(compilation, bare, document, down, op) };
    case "database": {
      const meter = compilation.meters++;
      const threadQueue = compilation.gauges++;
      const depth = compilation.depths++;
      return {
        ...none,
        layout: {
          ...bare,
          meters: [meter],
          capacity: document.connections,
          threadQueue,
          depth,
          rejections: rejectionsOf(compilation, document.queue),
        },
        ops: new Map([
          ["read", op(meter, [{ do: "wait", time: document.read }])],
          ["write", op(meter, [{ do: "wait", time: document.write }])],
        ]),
        firstStation: compilation.station(document.connections, threadQueue, depth, document.queue),
        threadStations: 1,
      };
    }
    case "cache": {
      const meter = compilation.meters++;
      const threadQueue = down ? compilation.gauges++ : -1;
      const depth = down ? compilation.depths++ : -1;
      const hits = compilation.counters;
      compilation.counters += 2;
      return {
        ...none,
        layout: { ...bare, meters: [meter], threadQueue, depth, hits },
        ops: new Map([
          ["get", op(meter, [{ do: "wait", time: document.get }])],
          ["put", op(meter, [{ do: "wait", time: document.put ?? document.get }])],
        ]),
        firstStation: down ? compilation.station(unlimited, threadQueue, depth) : -1,
        threadStations: down ? 1 : 0,
      };
    }
    case "queue": {
      const meter = compilation.meters++;
      const depth = compilation.depths++;
      // A queue that can be down has a station that publishers pass: they wait there, not in the queue.
      const gateDepth = down ? compilation.depths++ : -1;
      const gateQueue = down ? compilation.gauges++ : -1;
      const queue =
        compilation.queues.push({
          capacity: document.capacity ?? unlimited,
          meter,
          depth,
          takers: takersOf(compilation, name),
        }) - 1;
      return {
        ...none,
        layout: { ...bare, meters: [meter], depth },
        queue,
        firstStation: down ? compilation.station(unlimited, gateQueue, gateDepth) : -1,
        threadStations: down ? 1 : 0,
      };
    }
    case "worker": {
      const meter = compilation.meters++;
      const replicas = document.replicas ?? 1;
      const threads = document.threads ?? 1;
      // Replicas that come and go have a station each, and take their messages one by one.
      const places = document.scale === undefined ? 1 : placesOf(document);
      const capacity = document.scale === undefined ? replicas * threads : threads;
      const gauge = compilation.gauges++;
      const depth = compilation.depths++;
      const station = compilation.stations.length;
      for (let i = 0; i < places; i++) compilation.station(capacity, gauge, depth);
      const work = document.work;
      const steps = Array.isArray(work)
        ? (work as readonly StepDocument[])
        : [{ do: "wait" as const, time: work as TimeDocument }];
      // Its place among the workers is its place among the document's workers.
      const worker = compilation.workers.length;
      for (let i = 0; i < places; i++) compilation.workers.push({ queue: -1, station: station + i, meter, entry: -1 });
      const queues = Object.entries(compilation.document.nodes).filter(([, node]) => node.kind === "queue");
      const queue = queues.findIndex(([queueName]) => queueName === document.takes);
      const scaled =
        document.scale === undefined
          ? undefined
          : planScale(compilation, name, document, {
              firstStation: station,
              lobby: -1,
              queue,
              worker,
              threads,
              cores: threads,
              coreOffset: 0,
            });
      return {
        ...none,
        scaled,
        layout: { ...bare, meters: [meter], replicas, capacity, cores: capacity, scaled: scaled?.plan },
        ops: new Map([["work", op(meter, steps)]]),
        worker,
        firstStation: station,
        threadStations: places,
      };
    }
    case "semaphore": {
      const meter = compilation.meters++;
      const threadQueue = compilation.gauges++;
      const depth = compilation.depths++;
      const rejections = rejectionsOf(compilation, document.queue);
      return {
        ...none,
        layout: { ...bare, meters: [meter], capacity: document.permits, threadQueue, depth, rejections },
        firstStation: compilation.station(document.permits, threadQueue, depth, document.queue),
      };
    }
    case "limiter":
    case "breaker":
    case "concurrency":
    case "retry-budget": {
      const meter = compilation.meters++;
      const level = document.kind === "breaker" || document.kind === "concurrency" ? compilation.gauges++ : -1;
      const policy = compilation.policies.push(planPolicy(document, level)) - 1;
      const rejections = document.kind === "retry-budget" ? -1 : compilation.counters++;
      const ops = new Map<string, CompiledOp>();
      if (document.kind === "limiter") ops.set("take", op(meter, []));
      if (document.kind === "retry-budget") ops.set("withdraw", op(meter, []));
      return { ...none, layout: { ...bare, meters: [meter], rejections, level }, ops, policy };
    }
  }
}

/** The workers that take from a queue: one for each, or for each place of one that scales. */
function takersOf({ document }: Compilation, queue: string): readonly number[] {
  const takers: number[] = [];
  let first = 0;
  for (const node of Object.values(document.nodes)) {
    if (node.kind !== "worker") continue;
    const places = node.scale === undefined ? 1 : placesOf(node);
    if (node.takes === queue) for (let i = 0; i < places; i++) takers.push(first + i);
    first += places;
  }
  return takers;
}

/** The counter of what finds no room to wait, or is dropped from the line; -1 where that never happens. */
function rejectionsOf(compilation: Compilation, line: LineDocument | undefined): number {
  return line?.capacity === undefined && line?.codel === undefined ? -1 : compilation.counters++;
}

type MakeOp = (meter: number, steps: readonly StepDocument[]) => CompiledOp;

function planService(
  compilation: Compilation,
  bare: NodeLayout,
  document: ServiceDocument,
  down: boolean,
  op: MakeOp,
): Pick<
  CompiledNode,
  "layout" | "ops" | "firstStation" | "threadStations" | "coreOffset" | "sharesCores" | "rotation" | "scaled"
> {
  const { scale } = document;
  const replicas = scale === undefined ? (document.replicas ?? 1) : placesOf(document);
  const threads = document.threads ?? Number.POSITIVE_INFINITY;
  const cores = document.cores ?? threads;
  const limitedCores = cores < threads || resizes(scale);
  const waits = down || limitedCores || scale !== undefined || threads < Number.POSITIVE_INFINITY;
  const ops = new Map<string, CompiledOp>();
  for (const [name, steps] of Object.entries(document.ops)) ops.set(name, op(compilation.meters++, steps));
  const threadQueue = waits ? compilation.gauges++ : -1;
  const coreQueue = limitedCores ? compilation.gauges++ : -1;
  const sharing = limitedCores ? compileSharing(document.scheduling ?? "fifo", compilation.gauges) : undefined;
  const busyShared = sharing === undefined ? -1 : compilation.gauges++;
  const depth = waits ? compilation.depths++ : -1;
  let firstStation = -1;
  if (waits) {
    firstStation = compilation.stations.length;
    for (let i = 0; i < replicas; i++) compilation.station(threads, threadQueue, depth, document.queue);
    if (limitedCores)
      for (let i = 0; i < replicas; i++) compilation.station(cores, coreQueue, depth, undefined, sharing);
  }
  const scaled =
    scale === undefined
      ? undefined
      : planScale(compilation, bare.name, document, {
          firstStation,
          lobby: compilation.station(0, threadQueue, depth),
          queue: -1,
          worker: -1,
          threads: threads < Number.POSITIVE_INFINITY ? threads : 0,
          cores: cores < Number.POSITIVE_INFINITY ? cores : 0,
          coreOffset: limitedCores ? replicas * stationStride : 0,
        });
  const each = scale === undefined ? replicas : 1;
  // Where all that an operation does is use a core, busy threads are busy cores, and nothing more need be kept.
  const onlyCpu = !limitedCores && [...ops.values()].every(({ steps }) => steps.length === 1 && steps[0]?.do === "cpu");
  const finite = cores < Number.POSITIVE_INFINITY;
  return {
    layout: {
      ...bare,
      meters: [...ops.values()].map(({ meter }) => meter),
      ops: new Map([...ops].map(([name, { meter }]) => [name, [meter]])),
      replicas: each,
      scaled: scaled?.plan,
      capacity: each * threads,
      cores: finite ? each * cores : Number.NaN,
      busyCores: busyShared >= 0 ? busyShared : finite && !onlyCpu ? compilation.gauges++ : -1,
      threadQueue,
      coreQueue,
      depth,
      rejections: rejectionsOf(compilation, document.queue),
    },
    ops,
    firstStation,
    threadStations: waits ? replicas : 0,
    coreOffset: limitedCores ? replicas * stationStride : 0,
    sharesCores: sharing !== undefined,
    rotation: compilation.counters++,
    scaled,
  };
}

/** Emits the code of a node's operations. */
export function compileNode(compilation: Compilation, node: CompiledNode): void {
  if (node.document.kind === "worker") {
    const { entry, steps, meter } = node.ops.get("work")!;
    const takes = compilation.nodes.get(node.document.takes)!;
    const { assembler, workers } = compilation;
    const { scaled } = node;
    // Whose thread it is that ends shows only in the station, where there are several.
    const worker = scaled === undefined ? node.worker : -1;
    assembler.mark(entry);
    const failed = assembler.label();
    if (busyOf(node)) assembler.emit(opcodes.replicaBegin);
    const path = `${node.layout.name}/work`;
    emitErrors(compilation, node, path, failed);
    compileSteps(compilation, steps, { node, path, failed, abandoned: failed, registers: 0 });
    compileLeave(compilation, node);
    assembler.emit(opcodes.end, 4, worker);
    assembler.mark(failed);
    compileLeave(compilation, node);
    assembler.emit(opcodes.endFailed, 4, worker);
    compilation.flush();
    for (let i = 0; i < node.threadStations; i++)
      workers[node.worker + i] = { queue: takes.queue, station: node.firstStation + i, meter, entry: entry.at };
    return;
  }
  for (const [name, op] of node.ops) {
    if (node.policy < 0) compileOp(compilation, node, name, op);
    else compileAsking(compilation, node, op);
  }
}

const uniform = { kind: "uniform", min: 0, max: 1 } as const;

/** Fails with the probability that a fault gives the node, where one may. */
function emitErrors(compilation: Compilation, node: CompiledNode, path: string, failed: Label): void {
  if (node.errors < 0) return;
  const site = compilation.site(`${path}/errors`, uniform);
  compilation.assembler.emit(opcodes.mayFail, node.errors, site, failed);
}

/** What asks a policy and does nothing else: a limiter's `take`, a budget's `withdraw`. */
function compileAsking({ assembler }: Compilation, node: CompiledNode, op: CompiledOp): void {
  const refused = assembler.label();
  assembler.mark(op.entry);
  assembler.emit(opcodes.ask, node.policy * policyStride, node.document.kind === "limiter" ? 0 : 1, refused);
  assembler.emit(opcodes.end, 0, 0);
  assembler.mark(refused);
  if (node.layout.rejections >= 0) assembler.emit(opcodes.count, node.layout.rejections);
  assembler.emit(opcodes.endFailed, 0, 0);
}

/** Whether busy cores of single replicas are counted. */
function busyOf({ scaled }: CompiledNode): boolean {
  return scaled !== undefined && scaled.plan.busy >= 0;
}

/** Goes out of a replica, where they come and go. A worker's thread is a core, busy from start to end. */
function compileLeave(compilation: Compilation, node: CompiledNode): void {
  if (node.scaled === undefined) return;
  if (node.document.kind === "worker" && busyOf(node)) compilation.assembler.emit(opcodes.replicaEnd);
  compilation.assembler.emit(opcodes.leave);
}

function compileOp(compilation: Compilation, node: CompiledNode, name: string, op: CompiledOp): void {
  const { assembler } = compilation;
  const path = `${node.layout.name}/${name}`;
  const failed = assembler.label();
  const refused = assembler.label();
  const holds = node.firstStation >= 0;
  const mode = (holds ? 1 : 0) + (op.observed ? 2 : 0);
  assembler.mark(op.entry);
  if (node.gate >= 0) assembler.emit(opcodes.refuse, node.gate, refused);
  emitErrors(compilation, node, path, refused);
  let scope: Scope = { node, path, failed, abandoned: failed, registers: 0 };
  const rejected = assembler.label();
  if (holds) scope = compileEntrance(compilation, node, op, scope, rejected);
  compileSteps(compilation, op.steps, scope);
  compileLeave(compilation, node);
  assembler.emit(opcodes.end, mode, 0);
  if (failed.uses.length > 0 || compilation.pending.length > 0) {
    assembler.mark(failed);
    compileLeave(compilation, node);
    assembler.emit(opcodes.endFailed, holds ? 1 : 0, 0);
  }
  const { rejections } = node.layout;
  if (rejections >= 0) {
    assembler.mark(rejected);
    assembler.emit(opcodes.count, rejections);
  }
  if (rejections >= 0 || node.gate >= 0 || node.errors >= 0) {
    assembler.mark(refused);
    assembler.emit(opcodes.endFailed, 0, 0);
  }
  compilation.flush();
}

/**
 * Chooses a replica and takes one of its threads. What the first step takes is drawn on arrival, before any waiting:
 * the order of service does not change who gets which draw.
 */
function compileEntrance(
  compilation: Compilation,
  node: CompiledNode,
  op: CompiledOp,
  scope: Scope,
  rejected: Label,
): Scope {
  const { assembler } = compilation;
  const first = op.steps[0];
  const from = first?.do === "cpu" || first?.do === "wait" ? distributionOf(first.time) : undefined;
  const site = from === undefined || from.kind === "constant" ? -1 : compilation.site(`${scope.path}/0`, from);
  const station = emitRoute(compilation, node, scope.path);
  // To wait and to take that time in one: only where nothing lies between the two.
  const plain =
    !compilation.cancels &&
    node.slow < 0 &&
    !node.pauses &&
    (first?.do === "wait" || (node.coreOffset === 0 && node.layout.busyCores < 0 && !busyOf(node)));
  const line = "queue" in node.document ? node.document.queue : undefined;
  if (site >= 0 && plain) assembler.emit(opcodes.enter, site, station, rejected);
  else {
    if (site >= 0) assembler.emit(opcodes.draw, site);
    else if (line?.order === "sjf")
      assembler.emit(opcodes.expect, assembler.constant(from?.kind === "constant" ? from.value : 0));
    if (station >= 0) assembler.emit(opcodes.acquire, station, rejected);
    else assembler.emit(opcodes.acquireRouted, 0, rejected);
  }
  return site >= 0 ? { ...scope, drawn: true } : scope;
}

/** Chooses a replica: its station, or -1 when that is known only as the request arrives. */
function emitRoute(compilation: Compilation, node: CompiledNode, path: string): number {
  const { assembler } = compilation;
  const first = node.firstStation * stationStride;
  const count = node.threadStations;
  if (count === 1) return first;
  if (node.scaled !== undefined) return emitRouteReady(compilation, node, node.scaled, path);
  const balance = node.document.kind === "service" ? (node.document.balance ?? "round-robin") : "round-robin";
  const stream = `${path}/balance`;
  if (balance === "random") assembler.emit(opcodes.routeRandom, first, count, compilation.site(stream, uniform));
  else if (typeof balance === "object")
    assembler.emit(
      opcodes.routeChoices,
      first,
      count,
      Math.min(balance.choices, count, 4096),
      compilation.site(stream, uniform),
    );
  else {
    const code = balance === "round-robin" ? opcodes.routeRoundRobin : opcodes.routeLeast;
    assembler.emit(code, first, count, node.rotation);
  }
  return -1;
}

/** Chooses among the replicas that are ready. */
function emitRouteReady(compilation: Compilation, node: CompiledNode, scaled: CompiledScale, path: string): number {
  const balance = (node.document.kind === "service" ? node.document.balance : undefined) ?? "round-robin";
  const number = balanceNumber(balance);
  const drawn = number === 1 || number === 3;
  const by = drawn ? compilation.site(`${path}/balance`, uniform) : node.rotation;
  const choices = typeof balance === "object" ? Math.min(balance.choices, 4096) : 0;
  compilation.assembler.emit(opcodes.routeReady, recordOf(scaled), number, by, choices);
  return -1;
}
