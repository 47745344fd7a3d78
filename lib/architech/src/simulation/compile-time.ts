import type { Label } from "../engine/assembler.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import type { TimeDocument } from "../model/time-document.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";
import type { Scope } from "./scope.js";

/** Lets a time of the node pass, longer while the node is slow or stands still. */
export function compileTime(compilation: Compilation, time: TimeDocument, scope: Scope): void {
  const { assembler } = compilation;
  const { slow = -1, pauses = false } = scope.node ?? {};
  if (slow < 0 && !pauses) {
    if (scope.drawn) assembler.emit(opcodes.delayDrawn);
    else compilation.delay(time, scope.path);
    return;
  }
  drawTime(compilation, time, scope);
  passTime(compilation, scope);
}

/** Lets the time pass that was drawn. */
export function passTime({ assembler }: Compilation, { node }: Pick<Scope, "node">): void {
  const pauses = node?.pauses === true;
  if (pauses) assembler.emit(opcodes.beginTime);
  assembler.emit(opcodes.delayDrawn);
  if (pauses) assembler.emit(opcodes.endTime);
}

/** Draws a time of the node ahead, as long as it is now that the node may be slow. */
export function drawTime(
  compilation: Compilation,
  time: TimeDocument,
  scope: Pick<Scope, "node" | "path" | "drawn">,
): void {
  const { assembler } = compilation;
  const slow = scope.node?.slow ?? -1;
  if (!scope.drawn) {
    const from = compilation.distribution(time);
    if (from.kind === "constant") assembler.emit(opcodes.expect, assembler.constant(from.value));
    else assembler.emit(opcodes.draw, compilation.site(scope.path, from));
  }
  if (slow >= 0) assembler.emit(opcodes.scale, slow);
}

/** Fails with the probability that a fault gives the node, where one may. */
export function emitErrors(compilation: Compilation, node: CompiledNode, path: string, failed: Label): void {
  if (node.errors < 0) return;
  const site = compilation.site(`${path}/errors`, uniform);
  compilation.assembler.emit(opcodes.mayFail, node.errors, site, failed);
}
