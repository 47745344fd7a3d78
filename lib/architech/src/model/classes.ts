import type { Callable } from "./node.js";
import type { RateFault, TimeFault } from "./time.js";
import type { Classes, Mixed, OpsOf } from "./traffic.js";
import type { Judgement, Wrong } from "./wrong.js";

/** What each class has beside its flow. */
interface ClassSettings {
  /** Where lines go by priority, the larger is next. Default 0. */
  readonly priority?: number;
  /** Where lines are fair, its share. Default 1. */
  readonly weight?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a service of whatever operations
type AnyFlow = { readonly to: Callable<any> };

/** Which settings a class can have. */
type Setting =
  | keyof ClassSettings
  | "to"
  | "mix"
  | "keys"
  | "rate"
  | "arrivals"
  | "batch"
  | "sessions"
  | "requests"
  | "users"
  | "think";

/** What a class must be besides itself, with a sentence where a setting is wrong. */
type Judged<C> = C extends { readonly to: infer S }
  ? ClassSettings &
      Mixed<S> & {
        readonly [P in keyof C]: P extends "rate" | "sessions"
          ? Judgement<RateFault<C[P]>>
          : P extends "think"
            ? Judgement<TimeFault<C[P]>>
            : P extends Setting
              ? unknown
              : Wrong<`a class has no setting '${P & string}'`>;
      }
  : unknown;

type NamesOf<C> = {
  [K in keyof C & string]: K | (C[K] extends AnyFlow ? `${K}.${OpsOf<C[K]["to"]>}` : never);
}[keyof C & string];

/**
 * Several classes of requests, each a flow of its own:
 * `classes({ gold: { to: api, rate: "20rps", priority: 1 }, free: { to: api, rate: "200rps" } })`. What clients see of a
 * class is `traffic.gold.latency.p99`, of one of its operations `traffic.gold.buy.latency.p99`.
 */
export function classes<const C extends { readonly [name: string]: AnyFlow }>(
  settings: C & { readonly [K in keyof C]: Judged<C[K]> },
): Classes<NamesOf<C>> {
  return Object.freeze({ classes: Object.freeze({ ...settings }) });
}
