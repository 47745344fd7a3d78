import { opcodes } from "../engine/opcodes.js";
import { stationStride, unlimited } from "../engine/station-plan.js";
import { goesByKey } from "../model/balance.js";
import type { GatewayDocument } from "../model/balance-document.js";
import { standsIn, zoneOf } from "../model/network.js";
import type { Compilation } from "./compile.js";
import { balancerPlace, compileAnswered, planBalancer } from "./compile-balance.js";
import { compileHealth } from "./compile-health.js";
import { emitCall } from "./compile-hops.js";
import { emitErrors } from "./compile-time.js";
import type { CompiledNode, CompiledOp, MakeOp } from "./compiled-node.js";
import type { NodeLayout } from "./layout.js";
import { ownScope } from "./scope.js";

/** Gives a gateway its meters and its place among the balancers. */
export function planGateway(
  compilation: Compilation,
  bare: NodeLayout,
  document: GatewayDocument,
  down: boolean,
  op: MakeOp,
): Pick<CompiledNode, "layout" | "ops" | "balancer" | "firstStation" | "threadStations"> {
  const ops = new Map(document.ops.map((name) => [name, op(compilation.meters++, [])]));
  const threadQueue = down ? compilation.gauges++ : -1;
  const depth = down ? compilation.depths++ : -1;
  compilation.wide ||= goesByKey(document.balance);
  return {
    layout: {
      ...bare,
      meters: [...ops.values()].map(({ meter }) => meter),
      ops: new Map([...ops].map(([name, { meter }]) => [name, [meter]])),
      threadQueue,
      depth,
      ejections: compilation.counters++,
    },
    ops,
    balancer: compilation.balancers.push(undefined) - 1,
    firstStation: down ? compilation.station(unlimited, threadQueue, depth) : -1,
    threadStations: down ? 1 : 0,
  };
}

/** Emits what a gateway's operations do: choose, find the way where nobody is kept, hand on, and note how that ended. */
export function compileGateway(compilation: Compilation, node: CompiledNode, document: GatewayDocument): void {
  const { nodes } = compilation;
  const { name } = node.layout;
  const targets = document.to.map((target) => nodes.get(target)!);
  const zone = zoneOf(compilation.document, name);
  compilation.balancers[node.balancer] = planBalancer(
    compilation,
    document.balance ?? "round-robin",
    `${name}/balance`,
    targets.map((target) => ({
      station: -1,
      near: zone !== undefined && standsIn(compilation.document, target.layout.name, zone),
      there: true,
    })),
    {
      nearest: document.nearest === true,
      ejections: node.layout.ejections,
      down: document.health?.down ?? 3,
      up: document.health?.up ?? 2,
    },
  );
  for (const [op, compiled] of node.ops) compileHandingOn(compilation, node, document, op, compiled);
  if (document.health !== undefined) compileHealth(compilation, node, document.health, document.to);
}

function compileHandingOn(
  compilation: Compilation,
  node: CompiledNode,
  document: GatewayDocument,
  name: string,
  { entry, observed }: CompiledOp,
): void {
  const { assembler, nodes } = compilation;
  const path = `${node.layout.name}/${name}`;
  const [failed, refused] = [assembler.label(), assembler.label()];
  const holds = node.firstStation >= 0;
  const release = holds ? 1 : 0;
  assembler.mark(entry);
  if (node.gate >= 0) assembler.emit(opcodes.refuse, node.gate, refused);
  emitErrors(compilation, node, path, refused);
  if (holds) assembler.emit(opcodes.acquire, node.firstStation * stationStride, refused);
  const scope = { ...ownScope(node, path, failed), registers: 1 };
  const [fresh, go, done] = [assembler.label(), assembler.label(), assembler.label()];
  const looksUp = document.lookup !== undefined;
  assembler.emit(opcodes.elect, balancerPlace(node), looksUp ? fresh : 0);
  if (looksUp) {
    assembler.emit(opcodes.jump, go);
    assembler.mark(fresh);
    compilation.delay(document.lookup!, `${path}/lookup`);
    assembler.mark(go);
  }
  const ways = document.to.map(() => assembler.label());
  assembler.emit(opcodes.goTo, balancerPlace(node), ...ways);
  for (const [i, to] of document.to.entries()) {
    assembler.mark(ways[i]!);
    emitCall(compilation, to, nodes.get(to)!.ops.get(name)!, { ...scope, path: `${path}/${to}` });
    if (i < document.to.length - 1) assembler.emit(opcodes.jump, done);
  }
  assembler.mark(done);
  compileAnswered(compilation, node, 1);
  assembler.emit(opcodes.end, release + (observed ? 2 : 0), 0);
  assembler.mark(failed);
  compileAnswered(compilation, node, 2);
  assembler.emit(opcodes.endFailed, release, 0);
  assembler.mark(refused);
  assembler.emit(opcodes.endFailed, 0, 0);
  compilation.flush();
}
