import { copiesStride, type ReshardingPlan } from "../engine/copies-plan.js";
import { opcodes } from "../engine/opcodes.js";
import type { DatabaseDocument } from "../model/database-document.js";
import { movesOf, slotsOf } from "../model/resharding.js";
import type { TimeDocument } from "../model/time-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";
import type { NodeLayout } from "./layout.js";

/** Whether keys of a node move from shard to shard. */
export function reshards({ document }: CompiledNode): boolean {
  return document.kind === "database" && document.shards?.reshard !== undefined;
}

/** Plans how the keys of a database move; undefined where they stay. The gauge of who waits at the door follows those of the stations. */
export function planResharding(
  compilation: Compilation,
  { connections, shards }: DatabaseDocument,
  depth: number,
): ReshardingPlan | undefined {
  if (shards?.reshard === undefined) return undefined;
  const door = compilation.station(0, compilation.gauges++, depth);
  const moved = compilation.gauges;
  compilation.gauges += 3;
  return {
    slots: slotsOf(shards),
    moves: movesOf(shards),
    door,
    refuses: shards.reshard.writes === "refuse",
    moved,
    present: moved + 1,
    connections,
  };
}

/** What a database whose shards come or go tells of them. */
export function reshardingLayout(plan: ReshardingPlan | undefined): Partial<NodeLayout> {
  if (plan === undefined) return {};
  const { present, connections, moved, moves } = plan;
  const open = present + 1;
  return {
    scaled: {
      present,
      presentCores: open,
      workingThreads: open,
      workingCores: open,
      threads: connections,
      cores: connections,
    },
    moved: { gauge: moved, of: moves.length },
  };
}

/** What copies a slot: a query where it leaves, and one where it comes. */
export function copyingOps({ shards }: DatabaseDocument): readonly (readonly [string, TimeDocument])[] {
  if (shards?.reshard === undefined) return [];
  const { copy } = shards.reshard;
  return [
    ["copy-out", copy],
    ["copy-in", copy],
  ];
}

/** Emits what moves slots, one after the other: copies one, lets its writes wait, and hands it over. */
export function compileResharding(compilation: Compilation, node: CompiledNode): void {
  const { assembler } = compilation;
  const { shards, replicas } = node.document as DatabaseDocument;
  const { at, copy, block = "0ms", pause = "0ms", to } = shards!.reshard!;
  const place = node.copies * copiesStride;
  const copies = (replicas?.count ?? 0) + 1;
  const more = (shards: number): void => {
    if (shards !== 0) assembler.emit(opcodes.reshard, place, 3, copies * shards);
  };
  const [start, next, again, failed, over] = [0, 1, 2, 3, 4].map(() => assembler.label());
  assembler.mark(start!);
  compilation.starts.push({ pc: start!.at, count: 1 });
  more(shards!.count);
  assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(at)));
  more(Math.max(0, to - shards!.count));
  assembler.mark(next!);
  assembler.emit(opcodes.reshard, place, 0, over!);
  assembler.mark(again!);
  const [out, into] = ["copy-out", "copy-in"].map((name) => node.ops.get(name)!);
  assembler.emit(opcodes.parallel, 2, failed!, out!.entry, out!.meter, into!.entry, into!.meter);
  if (parseDuration(block) > 0) {
    assembler.emit(opcodes.reshard, place, 1, 0);
    assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(block)));
  }
  assembler.emit(opcodes.reshard, place, 2, 0);
  if (parseDuration(pause) > 0) assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(pause)));
  assembler.emit(opcodes.jump, next!);
  // One that could not be copied is tried again after as long as that takes.
  assembler.mark(failed!);
  compilation.delay(copy, `${node.layout.name}/copy/again`);
  assembler.emit(opcodes.jump, again!);
  assembler.mark(over!);
  more(Math.min(0, to - shards!.count));
  assembler.emit(opcodes.quit);
}
