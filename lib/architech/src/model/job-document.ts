import type { Priced } from "./cost-document.js";
import type { StepDocument } from "./step-document.js";
import type { KeysDocument } from "./traffic-document.js";

/** Steps that start at regular times. */
export interface JobDocument extends Priced {
  readonly kind: "job";
  readonly every: string;
  /** When the first starts. Default "0ms". */
  readonly offset?: string;
  /** Each starts later by a time drawn evenly from 0 to this. Default "0ms". */
  readonly jitter?: string;
  /** Whether one starts while the one before is under way. Default true. */
  readonly overlap?: boolean;
  /** Which key a start is for. Default: none. */
  readonly keys?: KeysDocument;
  readonly steps: readonly StepDocument[];
}
