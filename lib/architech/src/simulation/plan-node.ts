import { unlimited } from "../engine/station-plan.js";
import type { NodeDocument } from "../model/node-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { Compilation } from "./compile.js";
import { planCache } from "./compile-cache.js";
import { isKept, planChannel } from "./compile-channel.js";
import { planDatabase } from "./compile-database.js";
import { planGateway } from "./compile-gateway.js";
import { rejectionsOf } from "./compile-line.js";
import { planPolicy, sharesOf } from "./compile-policy.js";
import { planService } from "./compile-service.js";
import { planWorker } from "./compile-worker.js";
import type { CompiledNode, CompiledOp } from "./compiled-node.js";
import { pricesOf } from "./cost.js";
import type { NodeLayout } from "./layout.js";

/** Gives a node its meters, stations and places in the tables; its code comes later, when all nodes have theirs. */
export function planNode(compilation: Compilation, name: string, document: NodeDocument): CompiledNode {
  const faults = compilation.nodeFaults.get(name);
  const gate = faults?.refuse === true ? compilation.gates++ : -1;
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
  const node: CompiledNode = {
    document,
    layout: bare,
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
  return Object.assign(node, planKind(compilation, bare, document, faults !== undefined));
}

/** What a node has that not every node has: by its kind, and whether it can be down. */
function planKind(
  compilation: Compilation,
  bare: NodeLayout,
  document: NodeDocument,
  down: boolean,
): Partial<CompiledNode> {
  const { name } = bare;
  const op = (meter: number, steps: readonly StepDocument[]): CompiledOp => ({
    entry: compilation.assembler.label(),
    meter,
    steps,
    observed: false,
  });
  switch (document.kind) {
    case "service":
      return planService(compilation, bare, document, down, op);
    case "gateway":
      return planGateway(compilation, bare, document, down, op);
    case "database":
      return planDatabase(compilation, bare, name, document, op);
    case "cache": {
      const meter = compilation.meters++;
      const threadQueue = down ? compilation.gauges++ : -1;
      const depth = down ? compilation.depths++ : -1;
      const { cache, hits } = planCache(compilation, name, document);
      const counted = cache < 0 ? {} : { stale: hits + 2, evictions: hits + 3 };
      return {
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
      return planChannel(compilation, bare, down);
    case "topic":
    case "job": {
      const meter = compilation.meters++;
      const once = document.kind === "job" && document.overlap === false;
      const threadQueue = down || once ? compilation.gauges++ : -1;
      const depth = down || once ? compilation.depths++ : -1;
      const [name, steps] = document.kind === "job" ? ["steps", document.steps] : ["put", []];
      const line = once ? { capacity: 0 } : {};
      return {
        layout: { ...bare, meters: [meter], threadQueue, depth, rejections: once ? compilation.counters++ : -1 },
        ops: new Map([[name as string, op(meter, steps as readonly StepDocument[])]]),
        firstStation: depth < 0 ? -1 : compilation.station(once ? 1 : unlimited, threadQueue, depth, line),
        threadStations: depth < 0 ? 0 : 1,
      };
    }
    case "queue": {
      if (isKept(compilation.document, name)) return planChannel(compilation, bare, down);
      const meter = compilation.meters++;
      const depth = compilation.depths++;
      // A queue that can be down has a station that publishers pass: they wait there, not in the queue.
      const gateDepth = down ? compilation.depths++ : -1;
      const gateQueue = down ? compilation.gauges++ : -1;
      const queue = compilation.queues.push({ capacity: document.capacity ?? unlimited, meter, depth }) - 1;
      return {
        layout: { ...bare, meters: [meter], depth },
        queue,
        firstStation: down ? compilation.station(unlimited, gateQueue, gateDepth) : -1,
        threadStations: down ? 1 : 0,
      };
    }
    case "worker":
      return planWorker(compilation, bare, document, op);
    case "semaphore": {
      const meter = compilation.meters++;
      const threadQueue = compilation.gauges++;
      const depth = compilation.depths++;
      const rejections = rejectionsOf(compilation, document.queue);
      return {
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
      return { layout: { ...bare, meters: [meter], rejections, level }, ops, policy };
    }
  }
}
