import type { Balance } from "./balance.js";
import type { Priced } from "./cost.js";
import { define } from "./definition.js";
import type { Callable, Service } from "./node.js";
import { makeStep, type Step } from "./step.js";
import type { CheckedDuration, CheckedTime, TimeLike } from "./time.js";

/** Hands each request on to one of several services. Its operations are called with `call`, as those of a service. */
export interface Gateway<Op extends string = string> {
  readonly kind: "gateway";
  /** Names of its operations: those that all its services have. */
  readonly ops: readonly Op[];
  /** Calls one of its operations and waits for the answer. */
  call(op: Op): Step;
}

// biome-ignore lint/suspicious/noExplicitAny: a service of whatever operations
type Targets = readonly Callable<any>[];

/** The operations that all of them have. */
export type CommonOps<T extends Targets> = {
  readonly [I in keyof T]: (op: T[I]["ops"][number]) => void;
}[number] extends (op: infer Op) => void
  ? Op & string
  : never;

/** How a gateway finds out who is down. */
export interface HealthSettings<E = TimeLike, T = TimeLike> {
  /** Default "10s". */
  readonly every?: CheckedDuration<E>;
  /** How long it waits for an answer. Default "5s", or as long as `every` where that is shorter. */
  readonly timeout?: CheckedDuration<T>;
  /** Looks in a row after which one counts as down (default 3), or as up again (default 2). */
  readonly down?: number;
  readonly up?: number;
}

export interface GatewaySettings<T extends Targets, E = TimeLike, L = TimeLike, H = TimeLike> extends Priced {
  /** The services, or further gateways. */
  readonly to: T;
  /** Whom a request is handed on to: "least-connections", `{ by: "round-robin", weights: [9, 1] }`. Default "round-robin". */
  readonly balance?: Balance;
  /** Whether those in its own zone are chosen from, as long as there is one that can be had. Default false. */
  readonly nearest?: boolean;
  /** Looks regularly who is down or cannot be reached, and passes them over: `{ every: "5s", down: 2 }`. Default: never. */
  readonly health?: HealthSettings<E, H>;
  /** What it takes to choose anew for a key that is not kept (see `sticky`): the look-up of a name. Default "0ms". */
  readonly lookup?: CheckedTime<L>;
}

/** A gateway: `gateway({ to: [blue, green], balance: { by: "round-robin", weights: [9, 1] } })`. */
export function gateway<
  const T extends Targets,
  E extends TimeLike = TimeLike,
  L extends TimeLike = TimeLike,
  H extends TimeLike = TimeLike,
>(settings: GatewaySettings<T, E, L, H>): Gateway<CommonOps<T>> {
  type Op = CommonOps<T>;
  const to: Targets = Array.isArray(settings.to) ? settings.to : [];
  const [first, ...others] = to as readonly Partial<Service>[];
  const ops = (first?.ops ?? []).filter((op) => others.every((other) => other?.ops?.includes(op) === true));
  const self: Gateway<Op> = {
    kind: "gateway",
    ops: Object.freeze([...ops]) as readonly Op[],
    call: (op) => makeStep({ do: "call", to: self, op }),
  };
  return define(self, {
    ...settings,
    ops: self.ops,
    ...(Array.isArray(settings.to) ? { to: Object.freeze([...to]) } : {}),
  });
}
