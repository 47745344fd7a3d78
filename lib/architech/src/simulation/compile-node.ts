import type { Label } from "../engine/assembler.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { copiesStride, policyStride, stationStride, unlimited } from "../engine/program.js";
import type { NodeDocument } from "../model/node-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { Compilation } from "./compile.js";
import { balancerPlace, compileAnswered, isPlain, type PlainBalance } from "./compile-balance.js";
import { planCache } from "./compile-cache.js";
import { compileChannel, compileFanOut, isKept, planChannel } from "./compile-channel.js";
import { compileQuorum, planDatabase } from "./compile-database.js";
import { compileGateway, planGateway } from "./compile-gateway.js";
import { compileJob } from "./compile-job.js";
import { rejectionsOf } from "./compile-line.js";
import { planPolicy, sharesOf } from "./compile-policy.js";
import { compileRest, compileWake } from "./compile-resting.js";
import { balanceNumber, type CompiledScale, compileLeave, countsBusy, recordOf } from "./compile-scale.js";
import { planService } from "./compile-service.js";
import { compileSteps } from "./compile-steps.js";
import { emitErrors } from "./compile-time.js";
import { compileWorker, planWorker } from "./compile-worker.js";
import { pricesOf } from "./cost.js";
import { distributionOf } from "./distribution.js";
import type { NodeLayout } from "./layout.js";
import { ownScope, type Scope } from "./scope.js";

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
  /** Index among the caches that know their keys, or -1. */
  readonly cache: number;
  /** Index among the databases of several stations, or -1. */
  readonly copies: number;
  /** Index of the channel, or -1. */
  readonly channel: number;
  /** Index of the balancer that chooses among its replicas, or whom it hands on to, or -1. */
  readonly balancer: number;
  /** Index among the nodes whose threads start cold, or -1. */
  readonly resting: number;
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
    cache: -1,
    copies: -1,
    channel: -1,
    balancer: -1,
    resting: -1,
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
    threadQueues: 1,
    coreQueue: -1,
    depth: -1,
    rejections: -1,
    prices: pricesOf(document.cost),
    level: -1,
    colds: -1,
    ejections: -1,
    hits: -1,
    stale: -1,
    evictions: -1,
    stations: [],
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
    case "gateway":
      return { ...none, ...planGateway(compilation, bare, document, down, op) };
    case "database":
      return { ...none, ...planDatabase(compilation, bare, name, document, op) };
    case "cache": {
      const meter = compilation.meters++;
      const threadQueue = down ? compilation.gauges++ : -1;
      const depth = down ? compilation.depths++ : -1;
      const { cache, hits } = planCache(compilation, name, document);
      const counted = cache < 0 ? {} : { stale: hits + 2, evictions: hits + 3 };
      return {
        ...none,
        cache,
        layout: { ...bare, meters: [meter], threadQueue, depth, hits, ...counted },
        ops: new Map([
          ["get", op(meter, [{ do: "wait", time: document.get }])],
          ["put", op(meter, [{ do: "wait", time: document.put ?? document.get }])],
        ]),
        firstStation: down ? compilation.station(unlimited, threadQueue, depth) : -1,
        threadStations: down ? 1 : 0,
      };
    }
    case "log":
      return { ...none, ...planChannel(compilation, bare, down) };
    case "topic":
    case "job": {
      const meter = compilation.meters++;
      const once = document.kind === "job" && document.overlap === false;
      const threadQueue = down || once ? compilation.gauges++ : -1;
      const depth = down || once ? compilation.depths++ : -1;
      const [name, steps] = document.kind === "job" ? ["steps", document.steps] : ["put", []];
      const line = once ? { capacity: 0 } : {};
      return {
        ...none,
        layout: { ...bare, meters: [meter], threadQueue, depth, rejections: once ? compilation.counters++ : -1 },
        ops: new Map([[name as string, op(meter, steps as readonly StepDocument[])]]),
        firstStation: depth < 0 ? -1 : compilation.station(once ? 1 : unlimited, threadQueue, depth, line),
        threadStations: depth < 0 ? 0 : 1,
      };
    }
    case "queue": {
      if (isKept(compilation.document, name)) return { ...none, ...planChannel(compilation, bare, down) };
      const meter = compilation.meters++;
      const depth = compilation.depths++;
      // A queue that can be down has a station that publishers pass: they wait there, not in the queue.
      const gateDepth = down ? compilation.depths++ : -1;
      const gateQueue = down ? compilation.gauges++ : -1;
      const queue = compilation.queues.push({ capacity: document.capacity ?? unlimited, meter, depth }) - 1;
      return {
        ...none,
        layout: { ...bare, meters: [meter], depth },
        queue,
        firstStation: down ? compilation.station(unlimited, gateQueue, gateDepth) : -1,
        threadStations: down ? 1 : 0,
      };
    }
    case "worker":
      return { ...none, ...planWorker(compilation, bare, document, op) };
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
      const shares = sharesOf(compilation.document, document);
      compilation.wide ||= shares !== undefined;
      const plan = planPolicy(document, level);
      const policy = compilation.policies.push(shares === undefined ? plan : { ...plan, shares }) - 1;
      const rejections = document.kind === "retry-budget" ? -1 : compilation.counters++;
      const ops = new Map<string, CompiledOp>();
      if (document.kind === "limiter") ops.set("take", op(meter, []));
      if (document.kind === "retry-budget") ops.set("withdraw", op(meter, []));
      return { ...none, layout: { ...bare, meters: [meter], rejections, level }, ops, policy };
    }
  }
}

/** Makes an operation of its meter and its steps. */
export type MakeOp = (meter: number, steps: readonly StepDocument[]) => CompiledOp;

/** Emits the code of a node's operations. */
export function compileNode(compilation: Compilation, node: CompiledNode): void {
  if (node.channel >= 0) {
    compileChannel(compilation, node);
    return;
  }
  if (node.document.kind === "worker") {
    compileWorker(compilation, node, node.document);
    return;
  }
  if (node.document.kind === "gateway") {
    compileGateway(compilation, node, node.document);
    return;
  }
  for (const [name, op] of node.ops) {
    if (node.document.kind === "database" && node.document.quorum !== undefined)
      compileQuorum(compilation, node, name, op, node.document.quorum);
    else if (node.policy < 0) compileOp(compilation, node, name, op);
    else compileAsking(compilation, node, op);
  }
  if (node.document.kind === "job") compileJob(compilation, node);
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
  let scope = ownScope(node, path, failed);
  const rejected = assembler.label();
  if (holds) scope = compileEntrance(compilation, node, name, op, scope, rejected);
  if (node.document.kind === "topic") compileFanOut(compilation, node.document.to);
  else compileSteps(compilation, op.steps, scope);
  if (name === "write" && looksAtVersions(node)) assembler.emit(opcodes.version, node.copies * copiesStride, 1);
  compileAnswered(compilation, node, 1);
  compileLeave(compilation, node);
  compileRest(compilation, node);
  assembler.emit(opcodes.end, mode, 0);
  if (failed.uses.length > 0 || compilation.pending.length > 0) {
    assembler.mark(failed);
    compileAnswered(compilation, node, 2);
    compileLeave(compilation, node);
    compileRest(compilation, node);
    assembler.emit(opcodes.endFailed, holds ? 1 : 0, 0);
  }
  const { rejections } = node.layout;
  if (rejections >= 0) {
    assembler.mark(rejected);
    compileAnswered(compilation, node, 2);
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
  name: string,
  op: CompiledOp,
  scope: Scope,
  rejected: Label,
): Scope {
  const { assembler } = compilation;
  const first = op.steps[0];
  const from = first?.do === "cpu" || first?.do === "wait" ? distributionOf(first.time) : undefined;
  const site = from === undefined || from.kind === "constant" ? -1 : compilation.site(`${scope.path}/0`, from);
  const looks = name === "read" && looksAtVersions(node);
  const station = emitRoute(compilation, node, name, scope.path);
  // To wait and to take that time in one: only where nothing lies between the two.
  const plain =
    !compilation.cancels &&
    !looks &&
    node.slow < 0 &&
    !node.pauses &&
    node.resting < 0 &&
    (first?.do === "wait" || (node.coreOffset === 0 && node.layout.busyCores < 0 && !countsBusy(node)));
  const line = "queue" in node.document ? node.document.queue : undefined;
  if (site >= 0 && plain) assembler.emit(opcodes.enter, site, station, rejected);
  else {
    if (site >= 0) assembler.emit(opcodes.draw, site);
    else if (line?.order === "sjf")
      assembler.emit(opcodes.expect, assembler.constant(from?.kind === "constant" ? from.value : 0));
    if (station >= 0) assembler.emit(opcodes.acquire, station, rejected);
    else assembler.emit(opcodes.acquireRouted, 0, rejected);
  }
  compileWake(compilation, node, scope.path);
  if (looks) assembler.emit(opcodes.version, node.copies * copiesStride, 0);
  return site >= 0 ? { ...scope, drawn: true } : scope;
}

/** Whether replicas of a database lag behind, so that reads may be stale. */
function looksAtVersions({ document }: CompiledNode): boolean {
  return document.kind === "database" && document.replicas?.lag !== undefined;
}

/** Chooses a replica: its station, or -1 when that is known only as the request arrives. */
function emitRoute(compilation: Compilation, node: CompiledNode, name: string, path: string): number {
  const { assembler } = compilation;
  if (node.copies >= 0) {
    assembler.emit(opcodes.locate, node.copies * copiesStride, name === "write" ? 1 : 0);
    return -1;
  }
  const first = node.firstStation * stationStride;
  const count = node.threadStations;
  if (count === 1) return first;
  if (node.balancer >= 0) {
    const lobby = node.scaled?.plan.lobby ?? 0;
    assembler.emit(opcodes.balance, balancerPlace(node), lobby * stationStride);
    return -1;
  }
  if (node.scaled !== undefined) return emitRouteReady(compilation, node, node.scaled, path);
  const balance = plainBalanceOf(node);
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
  const balance = plainBalanceOf(node);
  const number = balanceNumber(balance);
  const drawn = number === 1 || number === 3;
  const by = drawn ? compilation.site(`${path}/balance`, uniform) : node.rotation;
  const choices = typeof balance === "object" ? Math.min(balance.choices, 4096) : 0;
  compilation.assembler.emit(opcodes.routeReady, recordOf(scaled), number, by, choices);
  return -1;
}

/** How replicas take turns where no balancer chooses. */
function plainBalanceOf({ document }: CompiledNode): PlainBalance {
  const balance = document.kind === "service" ? document.balance : undefined;
  return balance !== undefined && isPlain(balance) ? balance : "round-robin";
}
