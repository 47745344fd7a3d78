import type { Label } from "../engine/assembler.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import { type Flow, flowName, flowsOf, keysOf } from "../model/flows.js";
import type { ClosedTrafficDocument, SessionTrafficDocument } from "../model/traffic-document.js";
import type { Compilation } from "./compile.js";
import { compileArrivals, compileSource, type OpenFlow } from "./compile-arrivals.js";
import { hopOf } from "./compile-hops.js";
import { compileSteps } from "./compile-steps.js";
import { distributionOf } from "./distribution.js";
import type { TrafficLayout } from "./layout.js";
import { ownScope } from "./scope.js";
import { cumulative } from "./shares.js";

/** What a flow of requests starts, in the order of its mix. */
export interface Entries {
  readonly of: readonly { readonly op: string; readonly entry: Label; readonly meter: number }[];
  /** Site that draws one of them, or -1 where there is one; first of its shares. */
  readonly choice: number;
  readonly shares: number;
}

/** Emits where requests come from: sources that start them, sessions that come and go, users that think and call in turn. */
export function compileTraffic(compilation: Compilation): TrafficLayout {
  const { traffic } = compilation.document;
  const flows = flowsOf(traffic);
  if ("classes" in traffic)
    compilation.classes = flows.map(({ flow: { priority = 0, weight = 1 } }) => ({ priority, weight }));
  if ("classes" in traffic || keysOf(compilation.document).length > 0) compilation.wide = true;
  const ops = new Map<string, readonly number[]>();
  const meters: number[] = [];
  for (const flow of flows) {
    compilation.owner = flowName(flow);
    const entries = compileFlow(compilation, flow);
    const own = entries.of.map(({ meter }) => meter);
    if (flow.name !== undefined) ops.set(flow.name, own);
    for (const { op, meter } of entries.of) ops.set(flow.name === undefined ? op : `${flow.name}.${op}`, [meter]);
    meters.push(...own);
  }
  compilation.flush();
  return { meters, ops };
}

function compileFlow(compilation: Compilation, flow: Flow): Entries {
  const { assembler } = compilation;
  const stream = flowName(flow);
  const { mix, to } = flow.flow;
  const weighed = Object.entries(mix).filter(([, weight]) => weight > 0);
  const entries: Entries = {
    of: weighed.map(([op]) => ({
      op,
      ...compileClient(compilation, flow, op, stream, compilation.called.has(`${to}/${op}`)),
    })),
    choice: weighed.length > 1 ? compilation.site(`${stream}/mix`, uniform) : -1,
    shares: assembler.constants(...cumulative(weighed.map(([, weight]) => weight))),
  };
  if ("users" in flow.flow) compileUsers(compilation, flow.flow, entries, stream);
  else if ("sessions" in flow.flow) compileSessions(compilation, flow.flow, entries, stream);
  else {
    const start = assembler.label();
    assembler.mark(start);
    if (isPlain(flow.flow)) compileSource(compilation, flow.flow, entries, stream);
    else compileArrivals(compilation, flow.flow, entries, stream);
    compilation.start(start, 1);
  }
  return entries;
}

/** Whether one instruction is all that it takes. */
function isPlain({ rate, batch = 1 }: OpenFlow): boolean {
  return batch === 1 && (typeof rate === "string" || "points" in rate);
}

/** Users that think, call and think again. */
function compileUsers(
  compilation: Compilation,
  { think, users }: ClosedTrafficDocument,
  entries: Entries,
  stream: string,
): void {
  const { assembler } = compilation;
  const start = assembler.label();
  assembler.mark(start);
  const time = distributionOf(think);
  // Zero takes an event all the same: without one, users whose calls fail at once would never let time pass.
  if (time.kind === "constant") compilation.pause(time.value);
  else compilation.delay(think, `${stream}/think`);
  compileCalls(compilation, entries, start);
  compilation.start(start, users);
}

/** Calls one operation of the mix and goes on at a place, however it ends. */
function compileCalls({ assembler }: Compilation, { of, choice, shares }: Entries, next: Label): void {
  const branches = of.map(() => assembler.label());
  if (of.length > 1) assembler.emit(opcodes.either, choice, of.length, shares, ...branches);
  of.forEach(({ entry, meter }, i) => {
    assembler.mark(branches[i]!);
    assembler.emit(opcodes.call, entry, meter, next);
    assembler.emit(opcodes.jump, next);
  });
}

/** A source of sessions, each of which calls, and thinks and calls again as long as chance will have it. */
function compileSessions(
  compilation: Compilation,
  { sessions, requests, think }: SessionTrafficDocument,
  entries: Entries,
  stream: string,
): void {
  const { assembler } = compilation;
  const session = assembler.label();
  const answered = assembler.label();
  const again = assembler.label();
  const over = assembler.label();
  assembler.mark(session);
  compileCalls(compilation, entries, answered);
  assembler.mark(answered);
  const shares = assembler.constants(...cumulative([1 - 1 / requests, 1 / requests]));
  assembler.emit(opcodes.either, compilation.site(`${stream}/goes-on`, uniform), 2, shares, again, over);
  assembler.mark(again);
  compilation.delay(think, `${stream}/think`);
  assembler.emit(opcodes.jump, session);
  assembler.mark(over);
  assembler.emit(opcodes.quit);
  const start = assembler.label();
  assembler.mark(start);
  const rate: OpenFlow = { rate: sessions };
  compileArrivals(compilation, rate, { of: [{ op: "", entry: session, meter: -1 }], choice: -1, shares: 0 }, stream);
  compilation.start(start, 1);
}

/** What a client's request runs: the operation itself where nobody else calls it, else a frame around the call. */
function compileClient(
  compilation: Compilation,
  { name, index, flow }: Flow,
  op: string,
  stream: string,
  shared: boolean,
): { entry: Label; meter: number } {
  const { assembler, document } = compilation;
  const { to, keys } = flow;
  const target = compilation.nodes.get(to)!.ops.get(op)!;
  const path = `${stream}/${op}`;
  const entry = assembler.label();
  const failed = assembler.label();
  const scope = ownScope(undefined, path, failed);
  const bare = name === undefined && keys === undefined && hopOf(compilation, scope, to) === undefined;
  if (document.nodes[to]!.kind === "service" && !shared && bare) {
    target.observed = true;
    return { entry: target.entry, meter: target.meter };
  }
  const meter = compilation.meters++;
  assembler.mark(entry);
  if (compilation.wide) {
    const { count = 1, skew = 0 } = keys ?? {};
    const site = keys === undefined ? -1 : compilation.site(`${stream}/${op}/key`, { kind: "zipf", count, skew });
    assembler.emit(opcodes.tag, index, site);
  }
  compileSteps(compilation, [{ do: "call", to, op }], scope);
  assembler.emit(opcodes.end, 2, 0);
  assembler.mark(failed);
  assembler.emit(opcodes.endFailed, 0, 0);
  return { entry, meter };
}
