import { Assembler, type Label } from "../engine/assembler.js";
import type { BalancerPlan } from "../engine/balancer-plan.js";
import type { KeyedCachePlan } from "../engine/cache-plan.js";
import type { ChannelPlan } from "../engine/channel-plan.js";
import type { CopiesPlan } from "../engine/copies-plan.js";
import type { Distribution } from "../engine/distribution.js";
import type { FaultPlan } from "../engine/fault-plan.js";
import { opcodes } from "../engine/opcodes.js";
import type { PolicyPlan } from "../engine/policy-plan.js";
import type { Program } from "../engine/program.js";
import type { QueuePlan, WorkerPlan } from "../engine/queue-plan.js";
import type { RestingPlan } from "../engine/resting-plan.js";
import type { SamplingSite } from "../engine/sampling-site.js";
import type { ScaledPlan } from "../engine/scaled-plan.js";
import { lineOrder, type RecordPlan, type StationPlan, unlimited } from "../engine/station-plan.js";
import type { ModelDocument } from "../model/document.js";
import type { LineDocument } from "../model/line-document.js";
import type { TimeDocument } from "../model/time-document.js";
import { compileWarmUps } from "./compile-cache.js";
import type { CompiledCustom } from "./compile-custom.js";
import { compileFaults, faultsOf, type NodeFaults } from "./compile-faults.js";
import type { CompiledHop } from "./compile-hops.js";
import { compileLine } from "./compile-line.js";
import { compileNode } from "./compile-node.js";
import type { CompiledScale } from "./compile-scale.js";
import { compileTraffic } from "./compile-traffic.js";
import type { CompiledNode } from "./compiled-node.js";
import type { Cut } from "./cut.js";
import { distributionOf } from "./distribution.js";
import type { Layout, NodeLayout } from "./layout.js";
import { planNode } from "./plan-node.js";
import { stepFacts } from "./step-facts.js";

export interface Compiled {
  readonly program: Program;
  readonly layout: Layout;
  /** The nodes that scale. */
  readonly scaled: readonly CompiledScale[];
  /** The steps that functions decide, by the number with which their frames ask. */
  readonly customs: readonly CompiledCustom[];
}

/** Delays that get a lane of their own; more would cost more to compare than the heap. */
const maxLanes = 16;

/** What the parts of a compilation share: the tables as they grow. */
export class Compilation {
  readonly document: ModelDocument;
  /** Where the model is cut, if it is to be simulated in parts. */
  readonly cut: Cut | undefined;
  /** The node or flow whose code is being emitted. */
  owner = "";
  readonly assembler: Assembler = new Assembler();
  readonly sites: SamplingSite[] = [];
  readonly stations: StationPlan[] = [];
  readonly queues: Omit<QueuePlan, "takers">[] = [];
  readonly workers: WorkerPlan[] = [];
  readonly faults: FaultPlan[] = [];
  readonly scaled: CompiledScale[] = [];
  readonly customs: CompiledCustom[] = [];
  readonly policies: PolicyPlan[] = [];
  /** What faults set. */
  readonly levers: number[] = [];
  /** Hops that are known, by caller and callee; null where a call takes no time. */
  readonly hops: Map<string, CompiledHop | null> = new Map();
  readonly caches: KeyedCachePlan[] = [];
  readonly copies: CopiesPlan[] = [];
  readonly resting: RestingPlan[] = [];
  /** Stations that are down whenever a node is that gateways look at, by its name. */
  readonly doors: Map<string, number> = new Map();
  /** Undefined until their code is there. */
  readonly balancers: (BalancerPlan | undefined)[] = [];
  /** Undefined until their code is there. */
  readonly channels: (ChannelPlan | undefined)[] = [];
  readonly lanes: number[] = [];
  readonly #distributions = new Map<TimeDocument, Distribution>();
  readonly starts: { pc: number; count: number; part: number }[] = [];
  readonly nodes: Map<string, CompiledNode> = new Map();
  readonly nodeFaults: ReadonlyMap<string, NodeFaults>;
  meters = 0;
  gauges = 0;
  depths = 0;
  counters = 0;
  gates = 0;
  /** Classes of requests. */
  classes: Program["classes"] = [{ priority: 0, weight: 1 }];
  /** Whether frames carry what a request has with it. */
  wide = false;
  /** Whether some step takes back what it has started, so that work looks before each step whether to go on. */
  readonly cancels: boolean;
  /** The operations that some node calls, as "node/op". */
  readonly called: ReadonlySet<string>;
  /** The most frames that one instruction starts. */
  reserve = 4;
  /** Code that lies apart from the way through an operation: blocks, pauses before a retry. */
  readonly pending: (() => void)[] = [];

  constructor(document: ModelDocument, cut?: Cut) {
    this.document = document;
    this.cut = cut;
    const { cancels, asks, called } = stepFacts(document);
    this.cancels = cancels;
    this.called = called;
    this.wide = cancels || asks;
    this.nodeFaults = faultsOf(document, (value) => this.levers.push(value) - 1);
    this.wide ||= [...this.nodeFaults.values()].some(({ pauses }) => pauses);
  }

  site(stream: string, from: Distribution): number {
    return this.sites.push({ stream, from }) - 1;
  }

  station(servers: number, gauge: number, depth: number, line: LineDocument = {}, record?: RecordPlan): number {
    const plan = compileLine(line, this.document);
    const own = record ?? plan.record;
    this.wide ||= record !== undefined || plan.order === lineOrder.ranked || line.maxWait !== undefined;
    return (
      this.stations.push({
        servers: Math.min(servers, unlimited),
        gauge,
        depth,
        ...(line.capacity === undefined ? {} : { room: line.capacity }),
        order: plan.order,
        ...(own === undefined ? {} : { record: own }),
      }) - 1
    );
  }

  /** Whether it needs more than the instructions that every core knows, on plain frames and plain lines. */
  get extended(): boolean {
    return this.wide || this.assembler.isExtended || this.stations.some(({ order = 0 }) => order > 1);
  }

  /** A station at which waiting is no wait of the node: first come, first served. */
  quietStation(servers: number): number {
    const line = { order: lineOrder.linked, record: { ints: [unlimited, 0], doubles: [] }, quiet: true };
    return this.stations.push({ servers, gauge: this.gauges++, depth: this.depths++, ...line }) - 1;
  }

  /** So many frames start here at time zero, in the part of the owner. */
  start({ at: pc }: Label, count: number): void {
    this.starts.push({ pc, count, part: this.cut?.partOf(this.owner) ?? 0 });
  }

  /** The lane of a constant delay, or -1 when all are taken. */
  lane(delay: number): number {
    const known = this.lanes.indexOf(delay);
    if (known >= 0) return known;
    return this.lanes.length < maxLanes ? this.lanes.push(delay) - 1 : -1;
  }

  /** The distribution of a time of the model; large models say the same times over and over. */
  distribution(time: TimeDocument): Distribution {
    let known = this.#distributions.get(time);
    if (known === undefined) this.#distributions.set(time, (known = distributionOf(time)));
    return known;
  }

  /** Waits for a time of the model. */
  delay(time: TimeDocument, stream: string): void {
    const from = this.distribution(time);
    if (from.kind !== "constant") this.assembler.emit(opcodes.delay, this.site(stream, from));
    else if (from.value > 0) this.pause(from.value);
  }

  /** Waits for a constant time, were it zero. */
  pause(ms: number): void {
    const lane = this.lane(ms);
    if (lane >= 0) this.assembler.emit(opcodes.delayLane, lane);
    else this.assembler.emit(opcodes.delayConstant, this.assembler.constant(ms));
  }

  /** Place of the code by which shared cores tell who is done. */
  readonly tick: Label = this.assembler.label();

  /** Emits that code, where something uses it. */
  markTick(): void {
    if (this.tick.uses.length === 0) return;
    this.assembler.mark(this.tick);
    this.assembler.emit(opcodes.tick);
    this.assembler.emit(opcodes.quit);
  }

  /** Emits what lies apart, until nothing is left. */
  flush(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) next();
  }
}

function waitsNoLonger({ nodes }: ModelDocument): boolean {
  return Object.values(nodes).some((node) => "queue" in node && node.queue?.maxWait !== undefined);
}

/**
 * Compiles a valid model to the engine's tables. Calls stay calls, so the code is as long as the model. With a cut every
 * part has the same tables; calls over the cut are messages in them.
 */
export function compile(document: ModelDocument, cut?: Cut): Compiled {
  const compilation = new Compilation(document, cut);
  const { assembler } = compilation;
  assembler.emit(opcodes.timer);
  if (waitsNoLonger(document)) {
    assembler.emit(opcodes.giveUp);
    assembler.emit(opcodes.quit);
  }
  for (const [name, node] of Object.entries(document.nodes))
    compilation.nodes.set(name, planNode(compilation, name, node));
  compileWarmUps(compilation);
  const traffic = compileTraffic(compilation);
  for (const [name, node] of compilation.nodes) {
    compilation.owner = name;
    compileNode(compilation, node);
  }
  compilation.flush();
  // Only now are all calls known which a partition stops.
  compileFaults(compilation);
  compilation.markTick();
  const nodes: NodeLayout[] = [...compilation.nodes.values()].map((node) => node.layout);
  return {
    program: {
      ...assembler.tables(),
      lanes: Float64Array.from(compilation.lanes),
      sites: compilation.sites,
      stations: compilation.stations,
      queues: compilation.queues.map((queue, i) => ({
        ...queue,
        takers: compilation.workers.flatMap((worker, k) => (worker.queue === i ? [k] : [])),
      })),
      workers: compilation.workers,
      faults: compilation.faults,
      scaled: compilation.scaled.map(({ plan, takes }) => ({ ...plan, ...takenFrom(compilation, takes) })),
      balancers: compilation.balancers as readonly BalancerPlan[],
      resting: compilation.resting,
      policies: compilation.policies,
      levers: compilation.levers,
      caches: compilation.caches,
      copies: compilation.copies,
      channels: compilation.channels as readonly ChannelPlan[],
      classes: compilation.classes,
      wide: compilation.wide,
      extended: compilation.extended,
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
    customs: compilation.customs,
  };
}

/** Where a worker takes its messages from. */
function takenFrom({ nodes }: Compilation, takes: string | undefined): Pick<ScaledPlan, "queue" | "channel"> {
  const { queue, channel } = takes === undefined ? { queue: -1, channel: -1 } : nodes.get(takes)!;
  return { queue, channel };
}
