import { copiesStride } from "../engine/copies-plan.js";
import { opcodes } from "../engine/opcodes.js";
import { policyStride } from "../engine/policy-plan.js";
import type { Compilation } from "./compile.js";
import { compileAnswered } from "./compile-balance.js";
import { compileChannel, compileFanOut } from "./compile-channel.js";
import { compileQuorum, looksAtVersions } from "./compile-database.js";
import { compileEntrance } from "./compile-entrance.js";
import { compileGateway } from "./compile-gateway.js";
import { compileJob } from "./compile-job.js";
import { compileResharding, reshards } from "./compile-resharding.js";
import { compileRest } from "./compile-resting.js";
import { compileLeave } from "./compile-scale.js";
import { compileSteps } from "./compile-steps.js";
import { emitErrors } from "./compile-time.js";
import { compileWorker } from "./compile-worker.js";
import type { CompiledNode, CompiledOp } from "./compiled-node.js";
import { ownScope } from "./scope.js";

/** Emits the code of a node's operations. */
export function compileNode(compilation: Compilation, node: CompiledNode): void {
  if (node.channel >= 0) {
    compileChannel(compilation, node);
    return;
  }
  if (node.document.kind === "worker") {
    compileWorker(compilation, node, node.document);
    return;
  }
  if (node.document.kind === "gateway") {
    compileGateway(compilation, node, node.document);
    return;
  }
  for (const [name, op] of node.ops) {
    if (node.document.kind === "database" && node.document.quorum !== undefined)
      compileQuorum(compilation, node, name, op, node.document.quorum);
    else if (node.policy < 0) compileOp(compilation, node, name, op);
    else compileAsking(compilation, node, op);
  }
  if (node.document.kind === "job") compileJob(compilation, node);
  if (reshards(node)) compileResharding(compilation, node);
}

/** What asks a policy and does nothing else: a limiter's `take`, a budget's `withdraw`. */
function compileAsking({ assembler }: Compilation, node: CompiledNode, op: CompiledOp): void {
  const refused = assembler.label();
  assembler.mark(op.entry);
  assembler.emit(opcodes.ask, node.policy * policyStride, node.document.kind === "limiter" ? 0 : 1, refused);
  assembler.emit(opcodes.end, 0, 0);
  assembler.mark(refused);
  if (node.layout.rejections >= 0) assembler.emit(opcodes.count, node.layout.rejections);
  assembler.emit(opcodes.endFailed, 0, 0);
}

function compileOp(compilation: Compilation, node: CompiledNode, name: string, op: CompiledOp): void {
  const { assembler } = compilation;
  const path = `${node.layout.name}/${name}`;
  const failed = assembler.label();
  const refused = assembler.label();
  const holds = node.firstStation >= 0;
  const mode = (holds ? 1 : 0) + (op.observed ? 2 : 0);
  assembler.mark(op.entry);
  if (node.gate >= 0) assembler.emit(opcodes.refuse, node.gate, refused);
  emitErrors(compilation, node, path, refused);
  const moves = name === "write" && reshards(node);
  if (moves) assembler.emit(opcodes.admit, node.copies * copiesStride, refused);
  let scope = ownScope(node, path, failed);
  const rejected = assembler.label();
  if (holds) scope = compileEntrance(compilation, node, name, op, scope, rejected);
  if (node.document.kind === "topic") compileFanOut(compilation, node.document.to);
  else compileSteps(compilation, op.steps, scope);
  if (name === "write" && looksAtVersions(node)) assembler.emit(opcodes.version, node.copies * copiesStride, 1);
  compileAnswered(compilation, node, 1);
  compileLeave(compilation, node);
  compileRest(compilation, node);
  assembler.emit(opcodes.end, mode, 0);
  if (failed.uses.length > 0 || compilation.pending.length > 0) {
    assembler.mark(failed);
    compileAnswered(compilation, node, 2);
    compileLeave(compilation, node);
    compileRest(compilation, node);
    assembler.emit(opcodes.endFailed, holds ? 1 : 0, 0);
  }
  const { rejections } = node.layout;
  if (rejections >= 0) {
    assembler.mark(rejected);
    compileAnswered(compilation, node, 2);
    assembler.emit(opcodes.count, rejections);
  }
  if (rejections >= 0 || node.gate >= 0 || node.errors >= 0 || moves) {
    assembler.mark(refused);
    assembler.emit(opcodes.endFailed, 0, 0);
  }
  compilation.flush();
}
