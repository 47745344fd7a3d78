import { opcodes } from "../engine/opcodes.js";
import type { FaultDocument, ModelDocument } from "../model/document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";

/** What can happen to a node: decides which checks its code carries. */
export interface NodeFaults {
  readonly hang: boolean;
  readonly refuse: boolean;
}

/** The faults of a model by node. */
export function faultsOf(document: ModelDocument): ReadonlyMap<string, NodeFaults> {
  const found = new Map<string, NodeFaults>();
  for (const fault of document.faults ?? []) {
    const before = found.get(fault.node);
    const refuse = fault.requests === "refuse";
    found.set(fault.node, { hang: before?.hang === true || !refuse, refuse: before?.refuse === true || refuse });
  }
  return found;
}

/** One frame for each fault, which waits for its time, takes the node down and brings it up again. */
export function compileFaults(compilation: Compilation): void {
  for (const fault of compilation.document.faults ?? []) compileFault(compilation, fault);
}

function compileFault(compilation: Compilation, fault: FaultDocument): void {
  const { assembler } = compilation;
  const node = compilation.nodes.get(fault.node)!;
  const index =
    compilation.faults.push({
      firstStation: node.firstStation,
      stationCount: node.firstStation < 0 ? 0 : node.threadStations,
      gate: fault.requests === "refuse" ? node.gate : -1,
      queue: node.queue,
      worker: node.worker,
    }) - 1;
  const label = assembler.label();
  assembler.mark(label);
  compilation.starts.push({ pc: label.at, count: 1 });
  assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(fault.at)));
  assembler.emit(opcodes.faultBegin, index);
  assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(fault.for)));
  assembler.emit(opcodes.faultEnd, index);
  assembler.emit(opcodes.quit);
}
