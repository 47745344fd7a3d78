import { Assembler } from "../engine/assembler.js";
import type { Distribution } from "../engine/distribution.js";
import { unlimited } from "../engine/machine.js";
import { opcodes } from "../engine/opcodes.js";
import type { FaultPlan, Program, QueuePlan, SamplingSite, StationPlan, WorkerPlan } from "../engine/program.js";
import type { LineDocument, ModelDocument, TimeDocument } from "../model/document.js";
import { compileFaults, faultsOf, type NodeFaults } from "./compile-faults.js";
import { type CompiledNode, compileNode, planNode } from "./compile-node.js";
import type { CompiledScale } from "./compile-scale.js";
import { compileTraffic } from "./compile-traffic.js";
import { distributionOf } from "./distribution.js";
import type { Layout, NodeLayout } from "./layout.js";

export interface Compiled {
  readonly program: Program;
  readonly layout: Layout;
  /** The nodes that scale. */
  readonly scaled: readonly CompiledScale[];
}

/** Delays that get a lane of their own; more would cost more to compare than the heap. */
const maxLanes = 16;

/** What the parts of a compilation share: the tables as they grow. */
export class Compilation {
  readonly document: ModelDocument;
  readonly assembler: Assembler = new Assembler();
  readonly sites: SamplingSite[] = [];
  readonly stations: StationPlan[] = [];
  readonly queues: QueuePlan[] = [];
  readonly workers: WorkerPlan[] = [];
  readonly faults: FaultPlan[] = [];
  readonly scaled: CompiledScale[] = [];
  readonly lanes: number[] = [];
  readonly starts: { pc: number; count: number }[] = [];
  readonly nodes: Map<string, CompiledNode> = new Map();
  readonly nodeFaults: ReadonlyMap<string, NodeFaults>;
  meters = 0;
  gauges = 0;
  depths = 0;
  counters = 0;
  gates = 0;
  /** The most frames that one instruction starts. */
  reserve = 4;
  /** Code that lies apart from the way through an operation: blocks, pauses before a retry. */
  readonly pending: (() => void)[] = [];

  constructor(document: ModelDocument) {
    this.document = document;
    this.nodeFaults = faultsOf(document);
  }

  site(stream: string, from: Distribution): number {
    return this.sites.push({ stream, from }) - 1;
  }

  station(servers: number, gauge: number, depth: number, line: LineDocument = {}): number {
    const { capacity, order } = line;
    return (
      this.stations.push({
        servers: Math.min(servers, unlimited),
        gauge,
        depth,
        ...(capacity === undefined ? {} : { room: capacity }),
        lifo: order === "lifo",
      }) - 1
    );
  }

  /** The lane of a constant delay, or -1 when all are taken. */
  lane(delay: number): number {
    const known = this.lanes.indexOf(delay);
    if (known >= 0) return known;
    return this.lanes.length < maxLanes ? this.lanes.push(delay) - 1 : -1;
  }

  /** Waits for a time of the model. */
  delay(time: TimeDocument, stream: string): void {
    const from = distributionOf(time);
    if (from.kind !== "constant") this.assembler.emit(opcodes.delay, this.site(stream, from));
    else if (from.value > 0) this.pause(from.value);
  }

  /** Waits for a constant time, were it zero. */
  pause(ms: number): void {
    const lane = this.lane(ms);
    if (lane >= 0) this.assembler.emit(opcodes.delayLane, lane);
    else this.assembler.emit(opcodes.delayConstant, this.assembler.constant(ms));
  }

  /** Emits what lies apart, until nothing is left. */
  flush(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) next();
  }
}

/** Compiles a valid model to the engine's tables. Calls stay calls, so the code is as long as the model. */
export function compile(document: ModelDocument): Compiled {
  const compilation = new Compilation(document);
  const { assembler } = compilation;
  assembler.emit(opcodes.timer);
  for (const [name, node] of Object.entries(document.nodes))
    compilation.nodes.set(name, planNode(compilation, name, node));
  const traffic = compileTraffic(compilation);
  for (const node of compilation.nodes.values()) compileNode(compilation, node);
  compileFaults(compilation);
  compilation.flush();
  const nodes: NodeLayout[] = [...compilation.nodes.values()].map((node) => node.layout);
  return {
    program: {
      ...assembler.tables(),
      lanes: Float64Array.from(compilation.lanes),
      sites: compilation.sites,
      stations: compilation.stations,
      queues: compilation.queues,
      workers: compilation.workers,
      faults: compilation.faults,
      scaled: compilation.scaled.map(({ plan }) => plan),
      meters: compilation.meters,
      gauges: compilation.gauges,
      depths: compilation.depths,
      counters: compilation.counters,
      gates: compilation.gates,
      reserve: compilation.reserve,
      starts: compilation.starts,
    },
    layout: { nodes, traffic },
    scaled: compilation.scaled,
  };
}
