import { opcodes } from "../engine/opcodes.js";
import { restingStride } from "../engine/resting-plan.js";
import type { ServiceDocument } from "../model/service-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";

/** Gives a service whose threads start cold its place among those; -1 for others. */
export function planResting(
  compilation: Compilation,
  { coldStart, threads, replicas = 1 }: ServiceDocument,
  firstStation: number,
): number {
  if (coldStart === undefined) return -1;
  const idle = parseDuration(coldStart.idle);
  return compilation.resting.push({ firstStation, stations: replicas, threads: threads!, idle }) - 1;
}

/** Starts the frame's thread, unless it is warm. */
export function compileWake(compilation: Compilation, node: CompiledNode, path: string): void {
  if (node.resting < 0) return;
  const { assembler } = compilation;
  const [cold, go] = [assembler.label(), assembler.label()];
  const { colds } = node.layout;
  assembler.emit(opcodes.wakeThread, node.resting * restingStride, cold);
  assembler.emit(opcodes.count, colds + 1);
  assembler.mark(go);
  compilation.pending.push(() => {
    assembler.mark(cold);
    assembler.emit(opcodes.count, colds);
    compilation.delay((node.document as ServiceDocument).coldStart!.time, `${path}/start`);
    assembler.emit(opcodes.jump, go);
  });
}

/** The frame's thread has worked. */
export function compileRest({ assembler }: Compilation, node: CompiledNode): void {
  if (node.resting >= 0) assembler.emit(opcodes.restThread, node.resting * restingStride);
}
