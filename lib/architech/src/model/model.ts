import { startRun } from "../experiment/start.js";
import type { Run, RunOptions } from "../experiment/types.js";
import { applyChange } from "./change.js";
import type { ChangeDocument } from "./change-document.js";
import { fail } from "./check.js";
import { bindCode } from "./custom.js";
import { definitionOf } from "./definition.js";
import { type Difference, differencesOf } from "./diff.js";
import type { ModelDocument } from "./document.js";
import type { Fault } from "./fault.js";
import { type Parts, type Ungrouped, ungrouped } from "./group.js";
import type { GroupDocument } from "./group-document.js";
import type { Network } from "./hop.js";
import { metricsOf } from "./metrics.js";
import { Names } from "./naming.js";
import type { Callable, Service } from "./node.js";
import type { AnyChange, Judged, Nodes } from "./scenario.js";
import type { Path } from "./shape.js";
import type { StepDocument } from "./step-document.js";
import type { RateLike, TimeLike } from "./time.js";
import type {
  Classed,
  Classes,
  Closed,
  ClosedTraffic,
  Load,
  Open,
  OpenTraffic,
  OpsOf,
  Sessions,
  SessionTraffic,
} from "./traffic.js";
import { validate } from "./validate.js";

/** A system's architecture: frozen, checked, and data throughout. */
export interface Model<N extends Nodes = Nodes, L extends Load = Load> {
  readonly kind: "model";
  /** Names of its metrics, in order. */
  readonly metrics: readonly string[];
  /** The document: what `*.arch.json` files hold, and `model.from` reads back. */
  toJSON(): ModelDocument;
  /** The model with a scenario's settings in place of its own. */
  with<const C extends AnyChange<N, L>>(change: C & Judged<N, L, C>): Model<N, L>;
  /** Where another model differs from this one: `shop.diff(shop.with(change))`. */
  diff(other: Model): readonly Difference[];
  /** Simulates it: await the run for its estimates, or watch its rows while it goes on. */
  run(options: RunOptions<N, L>): Run<N, L>;
}

/** What a model has beside nodes and traffic. */
export interface ModelOptions {
  readonly name?: string;
  /** How long messages between nodes take, and which nodes stand together. */
  readonly network?: Network;
  /** What goes wrong, and when: `[outage(orders, { at: "60s", for: "10s" })]`. */
  readonly faults?: readonly Fault[];
  /**
   * What else belongs together, beside the parts that are a `group()`: a diagram puts a frame around it.
   * `{ backend: { nodes: ["orders", "sessions"] } }`.
   */
  readonly groups?: Readonly<Record<string, GroupDocument>>;
  /** Where a diagram puts each node. */
  readonly layout?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

/** What a model's type remembers of its traffic: by what was inferred for it. */
type LoadOf<S, R, Q, C extends string> = [C] extends [never]
  ? [R] extends [never]
    ? [Q] extends [never]
      ? Closed<OpsOf<S>>
      : Sessions<OpsOf<S>>
    : Open<OpsOf<S>>
  : Classed<C>;

/** What `model` is: a function, and `model.from` beside it. */
export interface MakeModel {
  /**
   * A model of these nodes under this traffic. The keys are the nodes' names.
   * Throws `ArchitechError`, naming node, field and value, for what types cannot refuse: see `validate`, and
   * `node-duplicate` for one node under two names.
   */
  <
    const N extends Parts,
    // biome-ignore lint/suspicious/noExplicitAny: a service of whatever operations
    S extends Callable<any>,
    R extends RateLike = never,
    T extends TimeLike = never,
    Q extends RateLike = never,
    C extends string = never,
  >(
    nodes: N & { readonly traffic?: "no node can be called traffic: that names what clients see" },
    traffic: OpenTraffic<S, R> | SessionTraffic<S, Q, T> | ClosedTraffic<S, T> | Classes<C>,
    options?: ModelOptions,
  ): Model<Ungrouped<N>, LoadOf<S, R, Q, C>>;
  /** The model of a document, or of its JSON text. Throws what `validate` throws. */
  from(document: unknown): Model;
}

/** A model: `model({ api, orders }, { to: api, rate: "120rps", mix: { browse: 9, buy: 1 } })`. */
export const model: MakeModel = Object.assign(
  (parts: Parts, traffic: object, options: ModelOptions = {}): Model => of(documentOf(parts, traffic, options)),
  { from: (document: unknown): Model => of(validate(typeof document === "string" ? parsed(document) : document)) },
) as MakeModel;

function documentOf(
  parts: Parts,
  traffic: object,
  { faults, network, groups, ...options }: ModelOptions,
): ModelDocument {
  const { nodes, groups: grouped } = ungrouped(parts);
  const names = new Names(nodes);
  const twice = Object.keys(groups ?? {}).find((name) => Object.hasOwn(grouped, name));
  if (twice !== undefined) fail("name-invalid", ["groups", twice], "is the name of a group among the nodes already");
  const together = { ...grouped, ...groups };
  const document = validate({
    architech: 1,
    ...options,
    nodes: Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, names.node(node, ["nodes", name])])),
    traffic: trafficOf(traffic, names),
    ...(network === undefined ? {} : { network: names.network(network) }),
    ...(faults === undefined ? {} : { faults: faults.map((fault, i) => names.fault(fault, i)) }),
    ...(Object.keys(together).length === 0 ? {} : { groups: together }),
  });
  for (const { path, code } of names.codes) bindCode(at(document, path) as StepDocument, code);
  return document;
}

function at(document: unknown, path: Path): unknown {
  return path.reduce((value, name) => (value as Readonly<Record<string, unknown>>)[name], document);
}

function trafficOf(traffic: object, names: Names): unknown {
  if (!("classes" in traffic)) return flowOf(traffic, names, ["traffic"]);
  const classes = Object.entries(traffic.classes as Readonly<Record<string, object>>);
  const path = ["traffic", "classes"];
  return { classes: Object.fromEntries(classes.map(([name, flow]) => [name, flowOf(flow, names, [...path, name])])) };
}

function flowOf(flow: object, names: Names, path: Path): unknown {
  if (typeof flow !== "object" || flow === null) return flow;
  const { to, mix, ...load } = flow as { to?: unknown; mix?: unknown };
  const ops = (to as Partial<Service> | undefined)?.ops;
  return {
    to: names.of(to, [...path, "to"]),
    ...load,
    mix: mix ?? (ops?.length === 1 ? { [ops[0]!]: 1 } : undefined),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail("model-invalid", [], `is not JSON: ${(error as Error).message}`);
  }
}

function of(document: ModelDocument): Model {
  return Object.freeze<Model>({
    kind: "model",
    get metrics() {
      return metricsOf(document).map(({ name }) => name);
    },
    toJSON: () => document,
    with: (change: object) => of(applyChange(document, change as ChangeDocument)),
    diff: (other) => differencesOf(document, other.toJSON()),
    run: (options) => startRun(document, options) as unknown as Run<Nodes, Load>,
  });
}

/** Whether a value is a model. */
export function isModel(value: unknown): value is Model {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "model" &&
    definitionOf(value) === undefined
  );
}
