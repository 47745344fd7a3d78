import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";
import { cost, noCores } from "./format-cost.js";
import { line } from "./format-line.js";
import type {
  BreakerDocument,
  ConcurrencyDocument,
  LimiterDocument,
  PolicyDocument,
  ReservedDocument,
  SemaphoreDocument,
} from "./policy-document.js";
import { type Fail, limits, type ObjectShape, type Shape } from "./shape.js";
import { count, duration, object, only, optional, positiveDuration, rate, ratio, required } from "./shape-parts.js";

/** More than none, at most all. */
const share: Shape = { shape: "number", above: 0, max: 1 };

const reserved = optional(
  {
    shape: "list",
    of: () =>
      object("a reserved share", {
        priority: required({ shape: "number", min: -1e6, max: 1e6 }),
        share: required(ratio),
      }),
    what: "reserved shares",
    least: 0,
    most: limits.classes,
  },
  "Shares that are kept for classes of at least a priority; the others are shed first. Default: none.",
);

/** The shapes of nodes that let others go on, or not. */
export const policyShapes: Readonly<Record<PolicyDocument["kind"], ObjectShape>> = {
  limiter: object(
    "a limiter",
    {
      kind: required(only("limiter")),
      algorithm: optional(
        only("token-bucket", "leaky-bucket", "fixed-window", "sliding-window", "sliding-counter"),
        "Default token-bucket.",
      ),
      rate: required(rate, "Requests that it lets through in the long run."),
      burst: optional(count, "Of buckets: requests that they hold. Default 1."),
      wait: optional(duration, "Of the token bucket: how long a request waits for its token at most. Default 0."),
      window: optional(positiveDuration, "Of windows: their length. Default 1s."),
      reserved,
      cost,
    },
    fittingLimiter,
  ),
  breaker: object(
    "a breaker",
    {
      kind: required(only("breaker")),
      window: optional(
        { shape: "either", what: "a window", text: positiveDuration, number: count },
        "Calls, or time, that it judges by. Default 100 calls.",
      ),
      minimum: optional(count, "Calls in the window before it judges."),
      failureRate: optional(share, "Share of failures that opens it. Default 0.5."),
      slow: optional(positiveDuration, "A call that takes longer is slow."),
      slowRate: optional(share, "Share of slow calls that opens it. Default 1."),
      openFor: required(positiveDuration),
      probes: optional(count, "Calls that decide whether it closes. Default 1."),
      cost,
    },
    fittingBreaker,
  ),
  semaphore: object(
    "a semaphore",
    {
      kind: required(only("semaphore")),
      permits: required(count),
      queue: optional(line, "How others wait for a permit."),
      cost,
    },
    fittingSemaphore,
  ),
  concurrency: object(
    "a limit of concurrency",
    {
      kind: required(only("concurrency")),
      algorithm: required(only("aimd", "vegas", "gradient")),
      initial: optional(count, "The limit at first. Default 20."),
      min: optional(count, "Default 1."),
      max: optional(count, "Default 1000."),
      slow: optional(positiveDuration, "Of aimd: a call that takes longer counts as failed."),
      tolerance: optional(
        { shape: "number", min: 1, max: 100 },
        "Of gradient: how many times its long-run latency a call may take before the limit falls. Default 1.5.",
      ),
      reserved,
      cost,
    },
    fittingConcurrency,
  ),
  "retry-budget": object(
    "a retry budget",
    {
      kind: required(only("retry-budget")),
      ratio: required({ shape: "number", min: 0, max: 10 }, "Retries for each first attempt, in the long run."),
      burst: optional(count, "Retries that it saves up at most. Default 10."),
      cost,
    },
    noCores,
  ),
};

function fittingSemaphore({ queue, ...value }: Omit<SemaphoreDocument, "kind">, fail: Fail): void {
  noCores(value, fail);
  if (queue?.order === "sjf") fail("queue", 'has the order "sjf", but a semaphore does not know how long each takes');
}

function fittingLimiter(
  { algorithm = "token-bucket", burst, wait, window, rate, ...value }: Omit<LimiterDocument, "kind">,
  fail: Fail,
): void {
  noCores(value, fail);
  fittingReserved(value, fail);
  if (value.reserved !== undefined && algorithm === "leaky-bucket")
    fail("reserved", 'is given, but a "leaky-bucket" holds a line, of which nobody has a share: take another');
  if (value.reserved !== undefined && algorithm === "token-bucket" && (burst ?? 1) < 2)
    fail("reserved", `is given, but the bucket holds ${burst ?? 1}: set a burst of which there can be a share`);
  const bucket = algorithm.endsWith("bucket");
  if (burst !== undefined && !bucket) fail("burst", `is given, but "${algorithm}" has none: a bucket does`);
  if (window !== undefined && bucket) fail("window", `is given, but "${algorithm}" has none`);
  if (wait !== undefined && algorithm !== "token-bucket")
    fail("wait", `is given, but of "${algorithm}" nobody waits that long: the token bucket has it`);
  if (!bucket && requestsOf(rate, window) < 1)
    fail("window", `lets ${rate} come to less than one request: make it longer, or the rate higher`);
}

function fittingBreaker({ window = 100, minimum, ...value }: Omit<BreakerDocument, "kind">, fail: Fail): void {
  noCores(value, fail);
  if (typeof window === "number" && minimum !== undefined && minimum > window)
    fail("minimum", `is ${minimum}, more than the window of ${window} calls ever has`);
}

function fittingConcurrency(
  { algorithm, min = 1, max = 1000, initial = 20, slow, tolerance, ...value }: Omit<ConcurrencyDocument, "kind">,
  fail: Fail,
): void {
  fittingReserved(value, fail);
  noCores(value, fail);
  if (min > max) fail("min", `is ${min}, more than max ${max}`);
  if (initial < min || initial > max) fail("initial", `is ${initial}, which is not from ${min} to ${max}`);
  if (slow !== undefined && algorithm !== "aimd") fail("slow", `is given, but "${algorithm}" does not look at it`);
  if (tolerance !== undefined && algorithm !== "gradient")
    fail("tolerance", `is given, but "${algorithm}" does not look at it`);
}

/** Requests that a window lets through. */
export function requestsOf(rate: string, window = "1s"): number {
  return Math.round(parseRate(rate) * parseDuration(window));
}

function fittingReserved({ reserved = [] }: { readonly reserved?: readonly ReservedDocument[] }, fail: Fail): void {
  const total = reserved.reduce((sum, { share }) => sum + share, 0);
  if (total > 1 + 1e-9) fail("reserved", `comes to ${Number(total.toPrecision(4))} in all: there is 1 to share`);
  if (new Set(reserved.map(({ priority }) => priority)).size < reserved.length)
    fail("reserved", "has a priority twice: add their shares up");
}
