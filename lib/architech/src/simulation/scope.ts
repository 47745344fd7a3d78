import type { Label } from "../engine/assembler.js";
import type { StepDocument } from "../model/step-document.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";

/** Where a list of steps runs. */
export interface Scope {
  /** The node whose cores `cpu` uses; undefined for what clients do. */
  readonly node: CompiledNode | undefined;
  /** Name of the list: the random streams of its steps begin with it. */
  readonly path: string;
  /** Where to go when a step fails. */
  readonly failed: Label;
  /** Where to go when nobody waits for the frame any more: out of it, past every retry. */
  readonly abandoned: Label;
  /** Registers of the frame that are in use: attempts and repetitions under way. */
  readonly registers: number;
  /** The first step's time was drawn ahead. */
  readonly drawn?: boolean;
  /** The list is one step, in a frame of its own. */
  readonly alone?: boolean;
}

/** The scope of a frame of its own: what fails in it, or is abandoned, leaves it. */
export function ownScope(node: CompiledNode | undefined, path: string, failed: Label): Scope {
  return { node, path, failed, abandoned: failed, registers: 0 };
}

/** Emits steps one after another. */
export type CompileSteps = (compilation: Compilation, steps: readonly StepDocument[], scope: Scope) => void;
