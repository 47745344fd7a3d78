import { copiesStride, type ReshardingPlan } from "../engine/copies-plan.js";
import { opcodes } from "../engine/opcodes.js";
import type { DatabaseDocument, QuorumDocument } from "../model/database-document.js";
import { keysOf } from "../model/flows.js";
import { mostShards } from "../model/resharding.js";
import type { Compilation } from "./compile.js";
import { rejectionsOf } from "./compile-line.js";
import { copyingOps, planResharding, reshardingLayout } from "./compile-resharding.js";
import { drawTime, emitErrors, passTime } from "./compile-time.js";
import type { CompiledNode, CompiledOp, MakeOp } from "./compiled-node.js";
import { distributionOf } from "./distribution.js";
import type { NodeLayout } from "./layout.js";

const readers = { primary: 0, replica: 1, any: 2 } as const;

/** Gives a database its stations: one, or one for each copy of each shard. */
export function planDatabase(
  compilation: Compilation,
  bare: NodeLayout,
  name: string,
  document: DatabaseDocument,
  op: MakeOp,
): Pick<CompiledNode, "layout" | "ops" | "firstStation" | "threadStations" | "copies"> {
  const { connections, queue, quorum, replicas, shards } = document;
  const perShard = quorum?.copies ?? (replicas?.count ?? 0) + 1;
  const count = perShard * mostShards(shards);
  const several = quorum !== undefined || count > 1;
  const meter = compilation.meters++;
  // Answers of a quorum are no queries of their own: all are measured together.
  const stations = several && quorum === undefined ? Array.from({ length: count }, () => compilation.meters++) : [];
  const threadQueue = compilation.gauges;
  compilation.gauges += count;
  const busyCores = quorum === undefined ? -1 : compilation.gauges++;
  const depth = compilation.depths++;
  const firstStation = compilation.stations.length;
  for (let i = 0; i < count; i++) compilation.station(connections, threadQueue + i, depth, queue);
  const resharding = planResharding(compilation, document, depth);
  const rejections = rejectionsOf(compilation, queue);
  const stale = replicas?.lag === undefined ? -1 : compilation.counters;
  if (stale >= 0) compilation.counters += 2;
  return {
    layout: {
      ...bare,
      replicas: count,
      meters: [meter, ...stations],
      capacity: quorum === undefined ? count * connections : Number.POSITIVE_INFINITY,
      cores: quorum === undefined ? Number.NaN : count * connections,
      busyCores,
      threadQueue,
      threadQueues: resharding === undefined ? count : count + 1,
      depth,
      rejections,
      stale,
      stations,
      ...reshardingLayout(resharding),
    },
    ops: new Map([
      ["read", op(meter, [{ do: "wait", time: document.read }])],
      ["write", op(meter, [{ do: "wait", time: document.write }])],
      ...copyingOps(document).map(([name, time]) => [name, op(meter, [{ do: "wait", time }])] as const),
    ]),
    firstStation,
    threadStations: count,
    copies: several
      ? planCopies(compilation, name, document, { perShard, firstStation, meter, stations, stale }, resharding)
      : -1,
  };
}

function planCopies(
  compilation: Compilation,
  name: string,
  { replicas, shards }: DatabaseDocument,
  at: {
    readonly perShard: number;
    readonly firstStation: number;
    readonly meter: number;
    readonly stations: readonly number[];
    readonly stale: number;
  },
  resharding: ReshardingPlan | undefined,
): number {
  // What a query is for decides where it goes.
  compilation.wide = true;
  const keys = keysOf(compilation.document).map(({ count }) => count);
  const lag = replicas?.lag;
  return (
    compilation.copies.push({
      firstStation: at.firstStation,
      shards: mostShards(shards),
      copies: at.perShard,
      byRange: shards?.by === "range",
      keys: Math.max(1, ...keys),
      reader: readers[replicas?.reads ?? "primary"],
      readsWrites: replicas?.readYourWrites === true,
      sync: replicas?.sync ?? 0,
      lagSite: lag === undefined ? -1 : compilation.site(`${name}/lag`, distributionOf(lag)),
      firstMeter: at.stations[0] ?? -1,
      meter: at.meter,
      counter: at.stale,
      ...(resharding === undefined ? {} : { resharding }),
    }) - 1
  );
}

/** Emits a query that goes to all copies of its shard and ends with so many answers; the others are worked on to their end. */
export function compileQuorum(
  compilation: Compilation,
  node: CompiledNode,
  name: string,
  op: CompiledOp,
  quorum: QuorumDocument,
): void {
  const { assembler } = compilation;
  const { rejections, busyCores } = node.layout;
  const [copy, failed, refused, rejected] = [
    assembler.label(),
    assembler.label(),
    assembler.label(),
    assembler.label(),
  ];
  compilation.reserve = Math.max(compilation.reserve, quorum.copies + 2);
  assembler.mark(op.entry);
  if (node.gate >= 0) assembler.emit(opcodes.refuse, node.gate, refused);
  emitErrors(compilation, node, `${node.layout.name}/${name}`, refused);
  assembler.emit(opcodes.locate, node.copies * copiesStride, 1);
  assembler.emit(opcodes.quorum, quorum.copies, name === "read" ? quorum.read : quorum.write, copy, failed);
  assembler.emit(opcodes.end, 0, 0);
  assembler.mark(failed);
  if (rejections >= 0) assembler.emit(opcodes.count, rejections);
  assembler.mark(refused);
  assembler.emit(opcodes.endFailed, 0, 0);
  assembler.mark(copy);
  const [step] = op.steps;
  const scope = { node, path: `${node.layout.name}/${name}/0` };
  drawTime(compilation, step?.do === "wait" ? step.time : "0ms", scope);
  assembler.emit(opcodes.acquireRouted, 0, rejected);
  assembler.emit(opcodes.busyBegin, busyCores);
  passTime(compilation, scope);
  assembler.emit(opcodes.busyEnd, busyCores);
  assembler.emit(opcodes.releaseCore, 0);
  assembler.emit(opcodes.vote, 1);
  assembler.mark(rejected);
  assembler.emit(opcodes.vote, 2);
}

/** Whether replicas of a database lag behind, so that reads may be stale. */
export function looksAtVersions({ document }: CompiledNode): boolean {
  return document.kind === "database" && document.replicas?.lag !== undefined;
}
