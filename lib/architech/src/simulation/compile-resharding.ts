import type { Label } from "../engine/assembler.js";
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

/** What `reshard` does, by its number. */
const doing = { next: 0, hold: 1, handOver: 2, copies: 3 } as const;

/** Emits what moves slots, one after the other: copies one, lets its writes wait, and hands it over. */
export function compileResharding(compilation: Compilation, node: CompiledNode): void {
  const { assembler } = compilation;
  const { shards, replicas } = node.document as DatabaseDocument;
  const { count, reshard } = shards!;
  const { at, copy, block = "0ms", pause = "0ms", to } = reshard!;
  const does = (what: number, operand: number | Label = 0): void =>
    assembler.emit(opcodes.reshard, node.copies * copiesStride, what, operand);
  const come = (more: number): void => {
    if (more !== 0) does(doing.copies, more * ((replicas?.count ?? 0) + 1));
  };
  const passes = (time: string): void => {
    const ms = parseDuration(time);
    if (ms > 0) assembler.emit(opcodes.delayConstant, assembler.constant(ms));
  };
  const [start, next, again] = [assembler.label(), assembler.label(), assembler.label()];
  const [failed, over] = [assembler.label(), assembler.label()];
  const [out, into] = [node.ops.get("copy-out")!, node.ops.get("copy-in")!];
  assembler.mark(start);
  compilation.starts.push({ pc: start.at, count: 1 });
  come(count);
  passes(at);
  come(Math.max(0, to - count));
  assembler.mark(next);
  does(doing.next, over);
  assembler.mark(again);
  assembler.emit(opcodes.parallel, 2, failed, out.entry, out.meter, into.entry, into.meter);
  if (parseDuration(block) > 0) {
    does(doing.hold);
    passes(block);
  }
  does(doing.handOver);
  passes(pause);
  assembler.emit(opcodes.jump, next);
  // One that could not be copied is tried again after as long as that takes.
  assembler.mark(failed);
  compilation.delay(copy, `${node.layout.name}/copy/again`);
  assembler.emit(opcodes.jump, again);
  assembler.mark(over);
  come(Math.min(0, to - count));
  assembler.emit(opcodes.quit);
}
