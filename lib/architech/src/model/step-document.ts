import type { TimeDocument } from "./time-document.js";

export type StepDocument =
  | { readonly do: "cpu"; readonly time: TimeDocument }
  | { readonly do: "wait"; readonly time: TimeDocument }
  /** `op` is an operation of a service, `read`/`write` of a database, `get`/`put` of a cache, `take` of a limiter. `miss` only on a cache's get. */
  | { readonly do: "call"; readonly to: string; readonly op: string; readonly miss?: readonly StepDocument[] }
  | { readonly do: "publish"; readonly to: string }
  /** All branches start at once; the step ends when the last has ended, and fails if any failed. */
  | { readonly do: "parallel"; readonly branches: readonly (readonly StepDocument[])[] }
  /** One branch, drawn by weight. */
  | {
      readonly do: "either";
      readonly branches: readonly { readonly weight: number; readonly steps: readonly StepDocument[] }[];
    }
  | { readonly do: "repeat"; readonly times: number; readonly steps: readonly StepDocument[] }
  /** At most `times` further attempts after a failed first one. */
  | {
      readonly do: "retry";
      readonly times: number;
      readonly backoff: string;
      /** Default "fixed". Exponential: backoff × 2^(attempt − 1), up to `cap`. */
      readonly growth?: "fixed" | "exponential";
      readonly cap?: string;
      /**
       * Share of the pause that is drawn: pause × (1 − jitter + jitter × U). Default 0; 1 is full jitter, 0.5 equal
       * jitter. "decorrelated": uniform between `backoff` and three times the pause before, up to `cap`.
       */
      readonly jitter?: number | "decorrelated";
      /** The budget that further attempts are taken from. */
      readonly budget?: string;
      readonly steps: readonly StepDocument[];
    }
  /** Fails after `after`; what the steps have started goes on, or with `cancel` ends before its next step. */
  | {
      readonly do: "timeout";
      readonly after: string;
      readonly cancel?: boolean;
      readonly steps: readonly StepDocument[];
    }
  /** Starts the steps once more after each `after` without an answer, at most `times` more. The first success is the answer. */
  | {
      readonly do: "hedge";
      readonly after: string;
      /** Default 1. */
      readonly times?: number;
      /** Whether the others end before their next step once there is an answer. Default false. */
      readonly cancel?: boolean;
      readonly steps: readonly StepDocument[];
    }
  /** Runs the steps if the node lets it. */
  | { readonly do: "guard"; readonly by: string; readonly steps: readonly StepDocument[] }
  /**
   * What a function decides, which stands in the process that made the model and not here: what it may let happen are
   * waits and these lists.
   */
  | {
      readonly do: "custom";
      readonly name: string;
      readonly steps?: Readonly<Record<string, readonly StepDocument[]>>;
    }
  /** Fails with this probability (1 when left out). */
  | { readonly do: "fail"; readonly probability?: number };
