import type { Label } from "../engine/assembler.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { policyStride } from "../engine/policy-plan.js";
import type { StepDocument } from "../model/step-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import { compileCacheCall } from "./compile-cache.js";
import { compilePublish } from "./compile-channel.js";
import { compileCustom } from "./compile-custom.js";
import { compileGuard } from "./compile-guard.js";
import { compileHedge } from "./compile-hedge.js";
import { emitCall, hopOf } from "./compile-hops.js";
import { compileTime, drawTime } from "./compile-time.js";
import type { CompiledNode } from "./compiled-node.js";
import { ownScope, type Scope } from "./scope.js";
import { cumulative } from "./shares.js";

/** Registers of a frame that steps may use; nested deeper than this they run in a frame of their own. Two more hold the last pause of a decorrelated retry. */
const maxRegisters = 5;

/** Emits steps one after another. */
export function compileSteps(compilation: Compilation, steps: readonly StepDocument[], scope: Scope): void {
  const { node, path, failed, abandoned, registers } = scope;
  for (const [i, step] of steps.entries()) {
    if (compilation.cancels) compilation.assembler.emit(opcodes.checkpoint, abandoned);
    compileStep(compilation, step, {
      node,
      path: `${path}/${i}`,
      failed,
      abandoned,
      registers,
      drawn: scope.drawn === true && i === 0,
      alone: scope.alone === true && steps.length === 1,
    });
  }
}

function compileStep(compilation: Compilation, step: StepDocument, scope: Scope): void {
  const { assembler } = compilation;
  const { failed, path } = scope;
  switch (step.do) {
    case "cpu":
      compileCpu(compilation, step, scope);
      return;
    case "wait":
      compileTime(compilation, step.time, scope);
      return;
    case "call":
      compileCall(compilation, step, scope);
      return;
    case "publish":
      compilePublish(compilation, step.to, failed);
      return;
    case "parallel": {
      if (step.branches.length === 0) return;
      compilation.reserve = Math.max(compilation.reserve, step.branches.length + 2);
      const starts = step.branches.flatMap((branch, i) =>
        entryOf(compilation, branch, { ...scope, path: `${path}/${i}` }),
      );
      assembler.emit(opcodes.parallel, step.branches.length, failed, ...starts);
      return;
    }
    case "either": {
      const branches = step.branches.map(() => assembler.label());
      const shares = assembler.constants(...cumulative(step.branches.map(({ weight }) => weight)));
      const done = assembler.label();
      assembler.emit(opcodes.either, compilation.site(path, uniform), branches.length, shares, ...branches);
      step.branches.forEach(({ steps }, i) => {
        assembler.mark(branches[i]!);
        compileSteps(compilation, steps, { ...scope, path: `${path}/${i}` });
        if (i < branches.length - 1) assembler.emit(opcodes.jump, done);
      });
      assembler.mark(done);
      return;
    }
    case "repeat": {
      if (step.times <= 0 || step.steps.length === 0) return;
      if (scope.registers >= maxRegisters) {
        compileApart(compilation, [step], scope);
        return;
      }
      const again = assembler.label();
      assembler.emit(opcodes.set, scope.registers, step.times);
      assembler.mark(again);
      compileSteps(compilation, step.steps, { ...scope, registers: scope.registers + 1 });
      assembler.emit(opcodes.loop, scope.registers, again);
      return;
    }
    case "retry":
      compileRetry(compilation, step, scope);
      return;
    case "timeout": {
      const after = parseDuration(step.after);
      const start = entryOf(compilation, step.steps, scope);
      const code = step.cancel === true ? opcodes.timedAlong : opcodes.timed;
      assembler.emit(code, ...start, failed, compilation.lane(after), assembler.constant(after));
      return;
    }
    case "hedge":
      compileHedge(compilation, step, scope, compileSteps);
      return;
    case "guard":
      compileGuard(compilation, step, scope, compileSteps);
      return;
    case "custom": {
      if (scope.registers >= maxRegisters) {
        compileApart(compilation, [step], scope);
        return;
      }
      compileCustom(compilation, step, scope, (name) =>
        entryOf(compilation, step.steps![name]!, { ...scope, path: `${path}/${name}` }),
      );
      return;
    }
    case "fail": {
      const probability = step.probability ?? 1;
      const site = probability < 1 ? compilation.site(path, uniform) : -1;
      assembler.emit(opcodes.fail, site, assembler.constant(probability), failed);
      return;
    }
  }
}

function compileCpu(compilation: Compilation, step: Extract<StepDocument, { do: "cpu" }>, scope: Scope): void {
  const { assembler } = compilation;
  const core = scope.node?.coreOffset ?? 0;
  if (scope.node?.sharesCores === true) {
    drawTime(compilation, step.time, scope);
    assembler.emit(opcodes.share, core, compilation.tick);
    return;
  }
  const busy = scope.node?.layout.busyCores ?? -1;
  if (core > 0) assembler.emit(opcodes.acquireCore, core);
  if (busy >= 0) assembler.emit(opcodes.busyBegin, busy);
  // What a worker's threads are busy with is counted from start to end.
  const each = scope.node?.document.kind === "service" && (scope.node.scaled?.plan.busy ?? -1) >= 0;
  if (each) assembler.emit(opcodes.replicaBegin);
  compileTime(compilation, step.time, scope);
  if (each) assembler.emit(opcodes.replicaEnd);
  if (busy >= 0) assembler.emit(opcodes.busyEnd, busy);
  if (core > 0) assembler.emit(opcodes.releaseCore, core);
}

function compileCall(compilation: Compilation, step: Extract<StepDocument, { do: "call" }>, scope: Scope): void {
  const { assembler } = compilation;
  const node = compilation.nodes.get(step.to)!;
  const op = node.ops.get(step.op)!;
  if (node.cache >= 0) {
    compileCacheCall(compilation, step, node, scope, compileSteps);
    return;
  }
  emitCall(compilation, step.to, op, scope);
  if (node.document.kind !== "cache" || !("hitRatio" in node.document) || step.op !== "get") return;
  const hit = assembler.label();
  const ratio = assembler.constant(node.document.hitRatio);
  assembler.emit(opcodes.lookup, compilation.site(`${scope.path}/hit`, uniform), ratio, node.layout.hits, hit);
  compileSteps(compilation, missPath(step, node), { ...scope, path: `${scope.path}/miss` });
  assembler.mark(hit);
}

/** What a get does when the cache has not got it. */
function missPath(step: Extract<StepDocument, { do: "call" }>, node: CompiledNode): readonly StepDocument[] {
  if (step.miss !== undefined) return step.miss;
  const fronts = node.document.kind === "cache" ? node.document.fronts : undefined;
  return fronts === undefined ? [] : [{ do: "call", to: fronts, op: "read" }];
}

function compileRetry(compilation: Compilation, step: Extract<StepDocument, { do: "retry" }>, scope: Scope): void {
  const { assembler } = compilation;
  if (step.times <= 0) {
    compileSteps(compilation, step.steps, scope);
    return;
  }
  const decorrelated = step.jitter === "decorrelated";
  // With a budget a second register counts the attempts that are left, so that it is asked only where there is one.
  const registers = step.budget === undefined ? 1 : 2;
  if (scope.registers + registers > maxRegisters || (decorrelated && scope.alone !== true)) {
    compileApart(compilation, [step], scope);
    return;
  }
  const budget = step.budget === undefined ? undefined : compilation.nodes.get(step.budget)!;
  if (budget !== undefined) assembler.emit(opcodes.ask, budget.policy * policyStride, 0, 0);
  const again = assembler.label();
  const pause = assembler.label();
  assembler.emit(opcodes.set, scope.registers, 0);
  if (budget !== undefined) assembler.emit(opcodes.set, scope.registers + 1, step.times + 1);
  assembler.mark(again);
  compileSteps(compilation, step.steps, { ...scope, failed: pause, registers: scope.registers + registers });
  const jitter = step.jitter === "decorrelated" ? -1 : (step.jitter ?? 0);
  const backoff = assembler.constants(
    parseDuration(step.backoff),
    step.growth === "exponential" ? 2 : 1,
    step.cap === undefined ? Number.POSITIVE_INFINITY : parseDuration(step.cap),
    jitter,
  );
  const site = jitter !== 0 ? compilation.site(`${scope.path}/jitter`, uniform) : -1;
  compilation.pending.push(() => {
    assembler.mark(pause);
    if (budget !== undefined) withdraw(compilation, budget, scope);
    assembler.emit(opcodes.retry, scope.registers, step.times, backoff, site, again, scope.failed);
  });
}

/** Emits that a further attempt, where one is left, is taken from the budget before its pause; one that is refused fails at once. */
function withdraw({ assembler }: Compilation, budget: CompiledNode, scope: Scope): void {
  const left = assembler.label();
  const { entry, meter } = budget.ops.get("withdraw")!;
  assembler.emit(opcodes.loop, scope.registers + 1, left);
  assembler.emit(opcodes.jump, scope.failed);
  assembler.mark(left);
  assembler.emit(opcodes.call, entry, meter, scope.failed);
}

/** Runs steps in a frame of their own and goes on when it has ended. */
function compileApart(compilation: Compilation, steps: readonly StepDocument[], scope: Scope): void {
  compilation.assembler.emit(opcodes.call, ...entryOf(compilation, steps, scope), scope.failed);
}

/** Place and meter of a frame that runs these steps: a single call is its own frame, all else a block. */
function entryOf(compilation: Compilation, steps: readonly StepDocument[], scope: Scope): [Label, number] {
  const only = steps.length === 1 ? steps[0] : undefined;
  if (only?.do === "call") {
    const node = compilation.nodes.get(only.to)!;
    const op = node.ops.get(only.op)!;
    const plain = node.document.kind !== "cache" || (only.op !== "get" && node.cache < 0);
    if (plain && hopOf(compilation, scope, only.to) === undefined) return [op.entry, op.meter];
  }
  const { assembler } = compilation;
  const entry = assembler.label();
  compilation.pending.push(() => {
    const failed = assembler.label();
    assembler.mark(entry);
    compileSteps(compilation, steps, { ...ownScope(scope.node, scope.path, failed), alone: true });
    assembler.emit(opcodes.blockEnd);
    assembler.mark(failed);
    assembler.emit(opcodes.blockFailed);
  });
  return [entry, -1];
}
