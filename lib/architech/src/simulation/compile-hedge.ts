import { opcodes } from "../engine/opcodes.js";
import type { StepDocument } from "../model/step-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import { type CompileSteps, ownScope, type Scope } from "./scope.js";

/** Starts the steps, and a clock that starts them once more as long as nobody has answered. */
export function compileHedge(
  compilation: Compilation,
  step: Extract<StepDocument, { do: "hedge" }>,
  scope: Scope,
  compileSteps: CompileSteps,
): void {
  const { assembler } = compilation;
  const entry = assembler.label();
  const clock = assembler.label();
  assembler.emit(opcodes.hedge, entry, clock, scope.failed);
  compilation.pending.push(() => {
    const failed = assembler.label();
    assembler.mark(entry);
    if (step.cancel === true) assembler.emit(opcodes.along);
    compileSteps(compilation, step.steps, { ...ownScope(scope.node, scope.path, failed), alone: true });
    assembler.emit(opcodes.win);
    assembler.mark(failed);
    assembler.emit(opcodes.lose);
    const next = assembler.label();
    const over = assembler.label();
    assembler.mark(clock);
    assembler.emit(opcodes.set, 0, step.times ?? 1);
    assembler.mark(next);
    compilation.pause(parseDuration(step.after));
    assembler.emit(opcodes.again, entry, over);
    assembler.emit(opcodes.loop, 0, next);
    assembler.mark(over);
    assembler.emit(opcodes.quit);
  });
}
