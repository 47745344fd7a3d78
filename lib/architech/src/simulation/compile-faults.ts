import type { FaultPlan } from "../engine/fault-plan.js";
import { opcodes } from "../engine/opcodes.js";
import type { ModelDocument } from "../model/document.js";
import type { FaultDocument } from "../model/fault-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";

/** What can happen to a node: decides which checks its code carries. */
export interface NodeFaults {
  readonly hang: boolean;
  readonly refuse: boolean;
  /** Levers by which its times are multiplied, and with which it fails; -1 where that never happens. */
  readonly slow: number;
  readonly errors: number;
  /** Whether it may stand still with what is under way. */
  readonly pauses: boolean;
}

type NodeFault = Exclude<FaultDocument, { do: "partition" }>;

/** The nodes that a fault happens to, in the order of the document. */
function struckBy({ nodes, network }: ModelDocument, fault: NodeFault): readonly string[] {
  if (!("zone" in fault) || fault.zone === undefined) return [fault.node!];
  const inside = new Set(network!.zones![fault.zone]!.nodes);
  return Object.keys(nodes).filter((name) => inside.has(name) && failing.includes(nodes[name]!.kind));
}

/** The faults of a model by node. `lever` takes one more lever, which begins with this value. */
export function faultsOf(document: ModelDocument, lever: (value: number) => number): ReadonlyMap<string, NodeFaults> {
  const found = new Map<string, NodeFaults>();
  for (const fault of document.faults ?? []) {
    if (fault.do === "partition") continue;
    for (const node of struckBy(document, fault)) {
      const before = found.get(node) ?? { hang: false, refuse: false, slow: -1, errors: -1, pauses: false };
      const stops = fault.do === "outage" || fault.do === "crash";
      const refuse = stops && fault.requests === "refuse";
      const still = fault.do === "pause" || fault.do === "pauses";
      found.set(node, {
        hang: before.hang || (stops && !refuse) || still,
        refuse: before.refuse || refuse,
        slow: before.slow < 0 && fault.do === "slow" ? lever(1) : before.slow,
        errors: before.errors < 0 && fault.do === "errors" ? lever(0) : before.errors,
        pauses: before.pauses || still,
      });
    }
  }
  return found;
}

const failing: readonly string[] = [
  "service",
  "gateway",
  "database",
  "cache",
  "queue",
  "log",
  "topic",
  "worker",
  "job",
];

/** One frame for each fault, which waits for its time, does it and undoes it. */
export function compileFaults(compilation: Compilation): void {
  const { document, assembler, nodes } = compilation;
  for (const [i, fault] of (document.faults ?? []).entries()) {
    const stream = `faults/${i}`;
    if (fault.do === "partition") {
      once(compilation, fault, ...beginningAndEnd(compilation, parting(compilation, i, fault.requests === "refuse")));
      continue;
    }
    const struck = struckBy(document, fault).map((name) => nodes.get(name)!);
    switch (fault.do) {
      case "outage":
        once(compilation, fault, ...stopping(compilation, struck, fault.requests));
        break;
      case "crash": {
        const [begin, end] = stopping(compilation, struck, fault.requests);
        const mean = (of: "mtbf" | "mttr"): void => {
          const from = { kind: "exponential", mean: parseDuration(fault[of]) } as const;
          assembler.emit(opcodes.delay, compilation.site(`${stream}/${of}`, from));
        };
        again(compilation, () => {
          mean("mtbf");
          begin();
          mean("mttr");
          end();
        });
        break;
      }
      case "slow": {
        const { slow } = compilation.nodeFaults.get(fault.node)!;
        const set = (by: number) => () => setLever(compilation, slow, by, 0);
        once(compilation, fault, set(fault.by), set(1 / fault.by));
        break;
      }
      case "errors": {
        const { errors } = compilation.nodeFaults.get(fault.node)!;
        const add = (share: number) => () => setLever(compilation, errors, 1, share);
        once(compilation, fault, add(fault.probability), add(-fault.probability));
        break;
      }
      case "pause": {
        const all = struck.flatMap((node) => [
          freeze(compilation, node, 0, node.threadStations),
          ...closing(compilation, node),
        ]);
        once(compilation, fault, ...beginningAndEnd(compilation, all));
        break;
      }
      case "pauses":
        for (const node of struck)
          for (let replica = 0; replica < node.threadStations; replica++) {
            const index = freeze(compilation, node, replica, 1);
            again(compilation, () => {
              compilation.delay(fault.every, `${stream}/${replica}/every`);
              assembler.emit(opcodes.faultBegin, index);
              compilation.delay(fault.for, `${stream}/${replica}/for`);
              assembler.emit(opcodes.faultEnd, index);
            });
          }
        break;
    }
  }
}

const nowhere = { firstStation: -1, stationCount: 0, gate: -1, queue: -1, worker: -1 };

/** What a partition stops: each kind of call between the two. */
function parting(compilation: Compilation, fault: number, refuse: boolean): readonly number[] {
  return [...compilation.hops.values()].flatMap((hop) => {
    if (hop?.apart?.faults.includes(fault) !== true) return [];
    const { firstStation, gate } = hop.apart;
    return [compilation.faults.push({ ...nowhere, firstStation, stationCount: 1, gate: refuse ? gate : -1 }) - 1];
  });
}

/** What of taking messages a fault of the node stops: a worker's, or that of the members of a channel, or a channel's. */
function takingOf(
  compilation: Compilation,
  { document, worker, channel: own }: CompiledNode,
): Pick<FaultPlan, "worker" | "channel" | "members"> {
  const channel = document.kind === "worker" ? compilation.nodes.get(document.takes)!.channel : own;
  const member = document.kind === "worker" && channel >= 0;
  return {
    worker: member ? -1 : worker,
    ...(channel < 0 ? {} : { channel }),
    ...(member ? { members: true } : {}),
  };
}

/** Emits that some nodes stop, and that they are back. */
function stopping(
  compilation: Compilation,
  nodes: readonly CompiledNode[],
  requests: "hang" | "refuse" | undefined,
): [begin: () => void, end: () => void] {
  const all = nodes.flatMap((node) => {
    const plan = {
      firstStation: node.firstStation,
      stationCount: node.firstStation < 0 ? 0 : node.threadStations,
      gate: requests === "refuse" ? node.gate : -1,
      queue: node.queue,
      ...takingOf(compilation, node),
    };
    return [compilation.faults.push(plan) - 1, ...closing(compilation, node)];
  });
  return beginningAndEnd(compilation, all);
}

/** What keeps gateways from having an answer of the node, where they look at it. */
function closing(compilation: Compilation, { layout }: CompiledNode): readonly number[] {
  const door = compilation.doors.get(layout.name);
  if (door === undefined) return [];
  return [compilation.faults.push({ ...nowhere, firstStation: door, stationCount: 1 }) - 1];
}

/** Emits that some faults begin, and that they end. */
function beginningAndEnd({ assembler }: Compilation, all: readonly number[]): [begin: () => void, end: () => void] {
  return [
    () => {
      for (const index of all) assembler.emit(opcodes.faultBegin, index);
    },
    () => {
      for (const index of all) assembler.emit(opcodes.faultEnd, index);
    },
  ];
}

function freeze(compilation: Compilation, node: CompiledNode, first: number, stationCount: number): number {
  const plan = {
    ...nowhere,
    firstStation: node.firstStation + first,
    stationCount,
    ...takingOf(compilation, node),
    freezes: true,
  };
  return compilation.faults.push(plan) - 1;
}

/** lever × factor + more. */
function setLever({ assembler }: Compilation, lever: number, factor: number, more: number): void {
  assembler.emit(opcodes.setLever, lever, assembler.constant(factor), assembler.constant(more));
}

/** A frame that does something at a time and undoes it after another. */
function once(
  compilation: Compilation,
  fault: { readonly at: string; readonly for: string },
  begin: () => void,
  end: () => void,
): void {
  const { assembler } = compilation;
  const label = assembler.label();
  assembler.mark(label);
  compilation.starts.push({ pc: label.at, count: 1 });
  assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(fault.at)));
  begin();
  assembler.emit(opcodes.delayConstant, assembler.constant(parseDuration(fault.for)));
  end();
  assembler.emit(opcodes.quit);
}

/** A frame that does something over and over. */
function again(compilation: Compilation, act: () => void): void {
  const { assembler } = compilation;
  const label = assembler.label();
  assembler.mark(label);
  compilation.starts.push({ pc: label.at, count: 1 });
  act();
  assembler.emit(opcodes.jump, label);
}
