import { opcodes } from "../engine/opcodes.js";
import { stationStride, unlimited } from "../engine/station-plan.js";
import { healthTimes } from "../model/balance.js";
import type { HealthDocument } from "../model/balance-document.js";
import type { Compilation } from "./compile.js";
import { balancerPlace } from "./compile-balance.js";
import { emitProbe } from "./compile-hops.js";
import type { CompiledNode } from "./compiled-node.js";
import { ownScope } from "./scope.js";

/** Emits that a gateway looks regularly at each of those that it hands on to: a request that any of them answers as long as it is up. */
export function compileHealth(
  compilation: Compilation,
  node: CompiledNode,
  health: HealthDocument,
  targets: readonly string[],
): void {
  const { assembler } = compilation;
  const { every, timeout } = healthTimes(health);
  const start = assembler.label();
  assembler.mark(start);
  compilation.starts.push({ pc: start.at, count: 1 });
  assembler.emit(opcodes.delayConstant, assembler.constant(every));
  const looks = targets.map(() => assembler.label());
  for (const look of looks) assembler.emit(opcodes.spawn, look, -1);
  assembler.emit(opcodes.jump, start);
  for (const [i, to] of targets.entries()) {
    const [probe, silent] = [assembler.label(), assembler.label()];
    assembler.mark(looks[i]!);
    assembler.emit(opcodes.timed, probe, -1, silent, compilation.lane(timeout), assembler.constant(timeout));
    assembler.emit(opcodes.checkHealth, balancerPlace(node), i, 0);
    assembler.emit(opcodes.quit);
    assembler.mark(silent);
    assembler.emit(opcodes.checkHealth, balancerPlace(node), i, 1);
    assembler.emit(opcodes.quit);
    assembler.mark(probe);
    compileProbe(compilation, node, to);
  }
  compilation.flush();
}

/** Emits a look: there, an answer as soon as the node is up, or a refusal, and back. */
function compileProbe(compilation: Compilation, node: CompiledNode, to: string): void {
  const { assembler } = compilation;
  const { gate, firstStation } = compilation.nodes.get(to)!;
  const failed = assembler.label();
  const scope = ownScope(node, `${node.layout.name}/health/${to}`, failed);
  emitProbe(compilation, to, scope, (there) => {
    if (gate >= 0) assembler.emit(opcodes.refuse, gate, there.failed);
    if (firstStation >= 0 && compilation.nodeFaults.has(to))
      assembler.emit(opcodes.pass, doorOf(compilation, to) * stationStride);
  });
  assembler.emit(opcodes.blockEnd);
  assembler.mark(failed);
  assembler.emit(opcodes.blockFailed);
}

/** A station that is down whenever the whole node is, and where nobody waits but for that. */
function doorOf(compilation: Compilation, node: string): number {
  const known = compilation.doors.get(node);
  if (known !== undefined) return known;
  const door = compilation.quietStation(unlimited);
  compilation.doors.set(node, door);
  return door;
}
