import { type PolicyPlan, policyKind } from "../engine/policy-plan.js";
import type { ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import { requestsOf } from "../model/format-policies.js";
import type {
  BreakerDocument,
  ConcurrencyDocument,
  LimiterDocument,
  ReservedDocument,
  RetryBudgetDocument,
} from "../model/policy-document.js";
import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";

/** The share of a policy's room that each class may use: all but what is kept for higher priorities. Undefined where nothing is. */
export function sharesOf({ traffic }: ModelDocument, document: AskedDocument): readonly number[] | undefined {
  const reserved = "reserved" in document ? document.reserved : undefined;
  return reserved && flowsOf(traffic).map(({ flow }) => 1 - kept(reserved, flow.priority ?? 0));
}

function kept(reserved: readonly ReservedDocument[], below: number): number {
  return reserved.reduce((sum, { priority, share }) => (priority > below ? sum + share : sum), 0);
}

/** Policies that the engine asks: a semaphore is a station instead. */
export type AskedDocument = LimiterDocument | BreakerDocument | ConcurrencyDocument | RetryBudgetDocument;

/** What the engine keeps of a policy: see `core/policies.ts`. `level`: gauge of being open, or of the limit. */
export function planPolicy(document: AskedDocument, level: number): PolicyPlan {
  switch (document.kind) {
    case "limiter":
      return planLimiter(document);
    case "breaker":
      return planBreaker(document, level);
    case "concurrency": {
      const { algorithm, initial = 20, min = 1, max = 1000, slow, tolerance = 1.5 } = document;
      const last =
        algorithm === "aimd" ? (slow === undefined ? Number.POSITIVE_INFINITY : parseDuration(slow)) : tolerance;
      return { ints: [policyKind[algorithm], 0, level], doubles: [0, min, max, 0, last, initial] };
    }
    case "retry-budget": {
      const { ratio, burst = 10 } = document;
      return { ints: [policyKind.retryBudget], doubles: [burst, ratio, burst] };
    }
  }
}

function planLimiter({
  algorithm = "token-bucket",
  rate,
  burst = 1,
  wait = "0ms",
  window = "1s",
}: LimiterDocument): PolicyPlan {
  const interval = 1 / parseRate(rate);
  const most = requestsOf(rate, window);
  const length = parseDuration(window);
  switch (algorithm) {
    case "token-bucket":
      return { ints: [policyKind.pace], doubles: [interval, (burst - 1) * interval, parseDuration(wait), 0] };
    case "leaky-bucket":
      return { ints: [policyKind.pace], doubles: [interval, 0, burst * interval, 0] };
    case "fixed-window":
      return { ints: [policyKind.fixedWindow, most], doubles: [length, 0] };
    case "sliding-window":
      return {
        ints: [policyKind.slidingLog, most],
        doubles: [length],
        room: { at: 3, doubles: most, fill: Number.NEGATIVE_INFINITY },
      };
    case "sliding-counter":
      return { ints: [policyKind.slidingCounter, most], doubles: [length, 0] };
  }
}

function planBreaker(
  { window = 100, minimum, failureRate = 0.5, slow, slowRate = 1, openFor, probes = 1 }: BreakerDocument,
  level: number,
): PolicyPlan {
  const calls = typeof window === "number" ? window : 0;
  const tenth = typeof window === "number" ? 0 : parseDuration(window) / 10;
  return {
    ints: [policyKind.breaker, 0, minimum ?? (calls > 0 ? calls : 10), calls, 0, 0, 0, 0, 0, probes, 0, level],
    doubles: [
      failureRate,
      slow === undefined ? Number.POSITIVE_INFINITY : parseDuration(slow),
      slowRate,
      parseDuration(openFor),
      0,
      tenth,
      0,
    ],
    room: { at: 4, ints: calls > 0 ? calls : 30 },
  };
}
