import type { Label } from "../engine/assembler.js";
import { opcodes } from "../engine/opcodes.js";
import type { CustomStepDocument } from "../model/custom-steps.js";
import type { Compilation } from "./compile.js";
import { passTime } from "./compile-time.js";
import type { Scope } from "./scope.js";

/** A custom step in the code: where its frame may go on. */
export interface CompiledCustom {
  readonly step: CustomStepDocument;
  /** Name of the node, and that of its random stream. */
  readonly node: string;
  readonly path: string;
  readonly lists: ReadonlyMap<string, Label>;
  /** Waits as long as was drawn. */
  readonly wait: Label;
  /** Over, well or failed. */
  readonly over: Label;
  readonly failed: Label;
  /** Asks once more, with nobody waiting; and leaves. */
  readonly closing: Label;
  readonly gone: Label;
}

/** Emits a step whose frame asks, again and again, what happens next. `entryOf`: place and meter of a list of steps. */
export function compileCustom(
  compilation: Compilation,
  step: CustomStepDocument,
  scope: Scope,
  entryOf: (name: string) => readonly [Label, number],
): void {
  const { assembler, cancels } = compilation;
  const label = (): Label => assembler.label();
  const lists = new Map(Object.keys(step.steps ?? {}).map((name) => [name, label()]));
  const [wait, over, failed, closing, gone] = [label(), label(), label(), label(), label()];
  const { path, registers } = scope;
  const custom: CompiledCustom = {
    ...{ step, node: scope.node!.layout.name, path, lists },
    ...{ wait, over, failed, closing, gone },
  };
  const number = compilation.customs.push(custom) - 1;
  const ask = (moment: number, ...places: readonly Label[]): void =>
    assembler.emit(opcodes.custom, moment, registers, number, ...places);
  ask(0, wait, over, failed, closing, gone, ...lists.values());
  assembler.mark(over);
  compilation.pending.push(() => {
    const [well, badly] = [label(), label()];
    const goOn = (moment: number): void => {
      if (cancels) assembler.emit(opcodes.checkpoint, closing);
      ask(moment);
    };
    assembler.mark(wait);
    if (scope.node!.slow >= 0) assembler.emit(opcodes.scale, scope.node!.slow);
    passTime(compilation, scope);
    assembler.mark(well);
    goOn(1);
    assembler.mark(badly);
    goOn(2);
    assembler.mark(closing);
    ask(3);
    assembler.mark(failed);
    assembler.emit(opcodes.jump, scope.failed);
    assembler.mark(gone);
    assembler.emit(opcodes.jump, scope.abandoned);
    for (const [name, at] of lists) {
      assembler.mark(at);
      assembler.emit(opcodes.call, ...entryOf(name), badly);
      assembler.emit(opcodes.jump, well);
    }
  });
}
