import { ArchitechError } from "@architech/protocol";
import type { Distribution } from "../engine/distribution.js";
import type { DatabaseDocument } from "../model/database-document.js";
import type { ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import type { LineDocument } from "../model/line-document.js";
import type { ServiceDocument } from "../model/service-document.js";
import type { StepDocument } from "../model/step-document.js";
import { trafficName } from "../model/wiring.js";
import type { Drawn, FramePlan, LinePlan, RecursionPlan, Stage } from "../recursion/plan.js";
import { parseRate } from "../units/rate.js";
import { type Compiled, compile } from "./compile.js";
import { distributionOf } from "./distribution.js";
import type { NodeLayout } from "./layout.js";

/** Stages of a way, at most: `repeat` writes its steps out. */
const mostStages = 512;

/** Why a model is no recursion. */
class NoRecursion extends Error {}

/**
 * The recursion that a valid model is, or why it is none. It is one where all requests come by one open flow of one
 * operation, go one way, and nobody overtakes another before a line: what works side by side and for random times ends in
 * another order, and only events can tell that.
 */
function recursionOf(document: ModelDocument, compiled: Compiled): RecursionPlan | string {
  try {
    return new Way(document, compiled).plan();
  } catch (error) {
    if (error instanceof NoRecursion) return error.message;
    throw error;
  }
}

/** The recursion that a valid model is. Throws `not-a-recursion` with the reason where it is none. */
export function mustBeRecursion(document: ModelDocument, compiled: Compiled = compile(document)): RecursionPlan {
  const plan = recursionOf(document, compiled);
  if (typeof plan !== "string") return plan;
  throw new ArchitechError(
    "not-a-recursion",
    `the model is no recursion: ${plan}; without the method it is simulated by events`,
  );
}

/** Servers that are held while steps are followed. */
interface Held {
  readonly servers: number;
  readonly works: number[];
  random: boolean;
}

/** How requests wait at a node. */
interface Entrance {
  readonly servers: number;
  readonly replicas: number;
  readonly queue: LineDocument | undefined;
}

/** Follows a request through the model. */
class Way {
  readonly #document: ModelDocument;
  readonly #compiled: Compiled;
  readonly #layouts: ReadonlyMap<string, NodeLayout>;
  readonly #sites: ReadonlyMap<string, Distribution>;
  readonly #works: Drawn[] = [];
  readonly #frames: FramePlan[] = [];
  readonly #lines: LinePlan[] = [];
  readonly #stages: Stage[] = [];
  /** The nodes with servers that were come to, and what was held then. */
  readonly #visits = new Map<string, Held | undefined>();
  /** Whether requests are in the order in which they came, and whether each draws in that order. */
  #ordered = true;
  #sameDraws = true;
  #held: Held | undefined;

  constructor(document: ModelDocument, compiled: Compiled) {
    this.#document = document;
    this.#compiled = compiled;
    this.#layouts = new Map(compiled.layout.nodes.map((node) => [node.name, node]));
    this.#sites = new Map(compiled.program.sites.map(({ stream, from }) => [stream, from]));
  }

  plan(): RecursionPlan {
    const { to, op, arrivals } = this.#traffic();
    this.#standing();
    const [meter] = this.#compiled.layout.traffic.meters;
    if (meter === undefined) throw new NoRecursion("traffic asks for nothing");
    const own = this.#layouts.get(to)?.ops.get(op)?.includes(meter) === true;
    const client = own ? -1 : this.#begin({ meter, observed: true });
    this.#call(to, op, own);
    if (client >= 0) this.#stages.push({ do: "end", frame: client, served: false });
    const { meters, gauges, depths, counters } = this.#compiled.program;
    return {
      arrivals,
      works: this.#works,
      frames: this.#frames,
      lines: this.#lines,
      stages: this.#stages,
      meters,
      gauges,
      depths,
      counters,
      sameDraws: this.#sameDraws,
    };
  }

  #traffic(): { readonly to: string; readonly op: string; readonly arrivals: Drawn } {
    const flows = flowsOf(this.#document.traffic);
    const [first] = flows;
    if (first === undefined || flows.length > 1 || first.name !== undefined)
      throw new NoRecursion("traffic has classes, which come side by side");
    const { flow } = first;
    if (!("rate" in flow)) throw new NoRecursion("users of traffic wait for answers before they ask again");
    if (typeof flow.rate !== "string") throw new NoRecursion("the rate of traffic changes");
    if (flow.batch !== undefined && flow.batch !== 1) throw new NoRecursion("several requests of traffic come at once");
    if (flow.keys !== undefined) throw new NoRecursion("requests of traffic are for keys");
    const ops = Object.entries(flow.mix).filter(([, weight]) => weight > 0);
    if (ops.length !== 1)
      throw new NoRecursion(
        `traffic asks for ${ops.length} operations (${ops.map(([op]) => op).join(", ")}), not for one`,
      );
    const stream = `${trafficName}/arrivals`;
    const from =
      flow.arrivals === "regular"
        ? ({ kind: "constant", value: 1 / parseRate(flow.rate) } as const)
        : this.#sites.get(stream);
    if (from === undefined) throw new NoRecursion("nobody knows when requests come");
    return { to: flow.to, op: ops[0]![0], arrivals: { stream, from } };
  }

  /** What goes on whether or not a request comes. */
  #standing(): void {
    const { faults, network, nodes } = this.#document;
    if ((faults?.length ?? 0) > 0) throw new NoRecursion("something fails in the model");
    if (network !== undefined) throw new NoRecursion("messages pass a network");
    for (const [name, node] of Object.entries(nodes)) {
      if (node.kind === "job") throw new NoRecursion(`${name} starts by itself`);
      if ("scale" in node && node.scale !== undefined) throw new NoRecursion(`${name} scales`);
    }
  }

  #call(to: string, op: string, observed: boolean): void {
    const node = this.#document.nodes[to];
    const layout = this.#layouts.get(to);
    if (node === undefined || layout === undefined) throw new NoRecursion(`${to} is not there`);
    if (node.kind !== "service" && node.kind !== "database")
      throw new NoRecursion(`${to} is a ${node.kind}: only services and databases are lines and work`);
    const entrance = node.kind === "service" ? ofService(to, node) : ofDatabase(to, node);
    const steps: readonly StepDocument[] =
      node.kind === "service" ? (node.ops[op] ?? []) : [{ do: "wait", time: op === "write" ? node.write : node.read }];
    const meter = (layout.ops.get(op) ?? layout.meters)[0]!;
    const frame = this.#begin({ meter, observed });
    const before = this.#held;
    const served = this.#enter(to, entrance, layout, frame);
    this.#steps(`${to}/${op}`, steps, layout);
    if (served) this.#leave(before);
    this.#stages.push({ do: "end", frame, served });
  }

  #begin(frame: FramePlan): number {
    const number = this.#frames.push(frame) - 1;
    this.#stage({ do: "begin", frame: number });
    return number;
  }

  /** Takes a server, where there is a limit to them; whether one is held from here on. */
  #enter(name: string, { servers, replicas, queue }: Entrance, layout: NodeLayout, frame: number): boolean {
    if (servers === Number.POSITIVE_INFINITY) return false;
    const held = this.#held;
    const known = this.#visits.has(name);
    if (known && (held === undefined || this.#visits.get(name) !== held))
      throw new NoRecursion(`requests come to ${name} more than once`);
    this.#visits.set(name, held);
    if (held !== undefined) {
      // Whoever comes here holds one of so many that there is always one free here.
      if (held.servers <= servers) return false;
      throw new NoRecursion(
        `a request waits for one of ${servers} servers of ${name} while it holds one of ${held.servers} elsewhere`,
      );
    }
    if (!this.#ordered)
      throw new NoRecursion(`requests overtake each other before ${name}, which has ${servers} servers`);
    const works: number[] = [];
    const line = this.#lines.push({
      servers,
      replicas,
      room: queue?.capacity ?? Number.POSITIVE_INFINITY,
      gauge: layout.threadQueue,
      depth: layout.depth,
      rejections: layout.rejections,
    });
    this.#stage({ do: "serve", frame, line: line - 1, works });
    this.#held = { servers: servers * replicas, works, random: false };
    return true;
  }

  #leave(before: Held | undefined): void {
    const { servers, works, random } = this.#held!;
    if (random && servers > 1) this.#ordered = false;
    const drawn = works.filter((work) => this.#works[work]!.from.kind !== "constant").length;
    // Who begins another work has overtaken others by then; and who is turned away draws as well here.
    if (drawn > 1 && (servers > 1 || this.#lines.at(-1)!.room < Number.POSITIVE_INFINITY)) this.#sameDraws = false;
    this.#held = before;
  }

  #steps(path: string, steps: readonly StepDocument[], layout: NodeLayout): void {
    for (const [i, step] of steps.entries()) {
      const at = `${path}/${i}`;
      if (step.do === "cpu" || step.do === "wait") this.#work(at, step, step.do === "cpu" ? layout.busyCores : -1);
      else if (step.do === "call") {
        if (step.miss !== undefined) throw new NoRecursion(`${path} goes two ways after its call of ${step.to}`);
        this.#call(step.to, step.op, false);
      } else if (step.do === "repeat") for (let k = 0; k < step.times; k++) this.#steps(at, step.steps, layout);
      else
        throw new NoRecursion(`step ${i} of ${path} is ${step.do}: only cpu, wait, call and repeat follow each other`);
    }
  }

  #work(stream: string, step: Extract<StepDocument, { do: "cpu" | "wait" }>, busy: number): void {
    const from = distributionOf(step.time);
    if (from.kind === "constant" && from.value === 0) return;
    if (from.kind !== "constant") {
      if (this.#works.some((work) => work.stream === stream))
        throw new NoRecursion(`${stream} draws more than once for a request`);
      if (this.#held === undefined) {
        if (!this.#ordered) this.#sameDraws = false;
        this.#ordered = false;
      } else this.#held.random = true;
    }
    const work = this.#works.push({ stream, from }) - 1;
    this.#held?.works.push(work);
    this.#stage({ do: "work", work, busy });
  }

  #stage(stage: Stage): void {
    if (this.#stages.length === mostStages)
      throw new NoRecursion(`the way of a request has more than ${mostStages} stages`);
    this.#stages.push(stage);
  }
}

function ofService(
  name: string,
  { threads, cores, replicas = 1, queue, balance, coldStart }: ServiceDocument,
): Entrance {
  const servers = threads ?? Number.POSITIVE_INFINITY;
  if (coldStart !== undefined) throw new NoRecursion(`threads of ${name} start cold`);
  if (cores !== undefined && cores < servers)
    throw new NoRecursion(`requests wait for cores in ${name} once they have a thread`);
  if (replicas > 1 && servers < Number.POSITIVE_INFINITY && balance !== undefined && balance !== "round-robin")
    throw new NoRecursion(`replicas of ${name} do not take turns`);
  return { servers, replicas, queue: plainQueue(name, queue) };
}

function ofDatabase(name: string, { connections, queue, replicas, quorum, shards }: DatabaseDocument): Entrance {
  if (replicas !== undefined || quorum !== undefined || shards !== undefined)
    throw new NoRecursion(`${name} has several copies or shards`);
  return { servers: connections, replicas: 1, queue: plainQueue(name, queue) };
}

function plainQueue(name: string, queue: LineDocument | undefined): LineDocument | undefined {
  if (queue === undefined) return undefined;
  const { order = "fifo", codel, maxWait } = queue;
  if (order !== "fifo") throw new NoRecursion(`who waits longest is not next in ${name} ("${order}")`);
  if (codel !== undefined || maxWait !== undefined) throw new NoRecursion(`who has waited too long fails in ${name}`);
  return queue;
}
