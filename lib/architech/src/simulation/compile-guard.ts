import { opcodes } from "../engine/opcodes.js";
import { policyStride } from "../engine/policy-plan.js";
import { stationStride } from "../engine/station-plan.js";
import type { StepDocument } from "../model/step-document.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";
import { type CompileSteps, ownScope, type Scope } from "./scope.js";

/** Emits steps that run only if a policy lets them: a frame of their own, measured at the policy. */
export function compileGuard(
  compilation: Compilation,
  step: Extract<StepDocument, { do: "guard" }>,
  scope: Scope,
  compileSteps: CompileSteps,
): void {
  const { assembler } = compilation;
  const node = compilation.nodes.get(step.by)!;
  const entry = assembler.label();
  const meter = node.layout.meters[0]!;
  assembler.emit(opcodes.guard, entry, meter, scope.failed);
  compilation.pending.push(() => {
    const failed = assembler.label();
    const refused = assembler.label();
    assembler.mark(entry);
    if (node.policy < 0) assembler.emit(opcodes.hold, node.firstStation * stationStride, refused);
    else assembler.emit(opcodes.ask, node.policy * policyStride, 0, refused);
    assembler.emit(opcodes.held);
    // The first two registers hold what the policy notes of a call that it lets through, and the meter of its caller.
    compileSteps(compilation, step.steps, { ...ownScope(scope.node, scope.path, failed), registers: 2 });
    leave(compilation, node, 1);
    assembler.emit(opcodes.handWait, meter);
    assembler.emit(opcodes.end, 0, 0);
    assembler.mark(failed);
    leave(compilation, node, 2);
    assembler.emit(opcodes.handWait, meter);
    assembler.emit(opcodes.endFailed, 0, 0);
    assembler.mark(refused);
    if (node.layout.rejections >= 0) assembler.emit(opcodes.count, node.layout.rejections);
    assembler.emit(opcodes.endFailed, 0, 0);
  });
}

/** Gives the permit back, or says how it ended: 1 well, 2 failed. */
function leave({ assembler }: Compilation, node: CompiledNode, how: 1 | 2): void {
  if (node.policy < 0) assembler.emit(opcodes.release, node.firstStation * stationStride);
  else assembler.emit(opcodes.ask, node.policy * policyStride, how, 0);
}
