import type { Label } from "../engine/assembler.js";
import { opcodes } from "../engine/opcodes.js";
import { parseRate } from "../units/rate.js";
import { calledOps } from "./called-ops.js";
import type { Compilation } from "./compile.js";
import { compileProfile } from "./compile-profile.js";
import { compileSteps } from "./compile-steps.js";
import { distributionOf } from "./distribution.js";
import type { TrafficLayout } from "./layout.js";
import { cumulative } from "./shares.js";

const uniform = { kind: "uniform", min: 0, max: 1 } as const;

/** Emits where requests come from: a source that starts them, or users that think and call in turn. */
export function compileTraffic(compilation: Compilation): TrafficLayout {
  const { assembler, document } = compilation;
  const { traffic } = document;
  const mix = Object.entries(traffic.mix).filter(([, weight]) => weight > 0);
  const called = calledOps(document);
  const calls = mix.map(([op]) => compileClient(compilation, op, called.has(`${traffic.to}/${op}`)));
  const shares = assembler.constants(...cumulative(mix.map(([, weight]) => weight)));
  const choice = mix.length > 1 ? compilation.site("traffic/mix", uniform) : -1;
  const start = assembler.label();
  assembler.mark(start);
  if ("rate" in traffic) {
    // Of a rate that changes, gaps are measured in arrivals that are due.
    const gap = typeof traffic.rate === "string" ? 1 / parseRate(traffic.rate) : 1;
    const regular = traffic.arrivals === "regular";
    const site = regular ? -1 : compilation.site("traffic/arrivals", { kind: "exponential", mean: gap });
    const constant = regular ? assembler.constant(gap) : -1;
    const profile = typeof traffic.rate === "string" ? -1 : compileProfile(assembler, traffic.rate);
    const entries = calls.flatMap(({ entry, meter }) => [entry, meter]);
    assembler.emit(opcodes.source, site, constant, choice, calls.length, shares, profile, ...entries);
    compilation.starts.push({ pc: start.at, count: 1 });
  } else {
    const branches = calls.map(() => assembler.label());
    const think = distributionOf(traffic.think);
    // Zero takes an event all the same: without one, users whose calls fail at once would never let time pass.
    if (think.kind === "constant") compilation.pause(think.value);
    else compilation.delay(traffic.think, "traffic/think");
    if (calls.length > 1) assembler.emit(opcodes.either, choice, calls.length, shares, ...branches);
    calls.forEach(({ entry, meter }, i) => {
      assembler.mark(branches[i]!);
      assembler.emit(opcodes.call, entry, meter, start);
      assembler.emit(opcodes.jump, start);
    });
    compilation.starts.push({ pc: start.at, count: traffic.users });
  }
  compilation.flush();
  return {
    meters: calls.map(({ meter }) => meter),
    ops: new Map(mix.map(([op], i) => [op, calls[i]!.meter])),
  };
}

/** What a client's request runs: the operation itself where nobody else calls it, else a frame around the call. */
function compileClient(compilation: Compilation, op: string, shared: boolean): { entry: Label; meter: number } {
  const { assembler, document } = compilation;
  const { to } = document.traffic;
  const target = compilation.nodes.get(to)!.ops.get(op)!;
  if (document.nodes[to]!.kind === "service" && !shared) {
    target.observed = true;
    return { entry: target.entry, meter: target.meter };
  }
  const entry = assembler.label();
  const failed = assembler.label();
  const meter = compilation.meters++;
  assembler.mark(entry);
  const path = `traffic/${op}`;
  compileSteps(compilation, [{ do: "call", to, op }], {
    node: undefined,
    path,
    failed,
    abandoned: failed,
    registers: 0,
  });
  assembler.emit(opcodes.end, 2, 0);
  assembler.mark(failed);
  assembler.emit(opcodes.endFailed, 0, 0);
  return { entry, meter };
}
