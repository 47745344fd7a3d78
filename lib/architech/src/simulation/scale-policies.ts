import type { HpaDocument, KedaDocument, ScaleDocument, ScalingRulesDocument } from "../model/scale-document.js";
import type { HpaPolicy } from "../scaling/hpa.js";
import type { KedaPolicy } from "../scaling/keda.js";
import { defaultDown, defaultUp, type ScalingRules } from "../scaling/rules.js";
import type { SchedulePolicy } from "../scaling/schedule.js";
import { parseDuration } from "../units/duration.js";

/** How often an HPA decides, in ms. */
export function syncMs({ sync }: HpaDocument | KedaDocument): number {
  return sync === undefined ? 15_000 : parseDuration(sync);
}

/** How often KEDA looks at its triggers, in ms. */
export function pollingMs({ polling }: KedaDocument): number {
  return polling === undefined ? 30_000 : parseDuration(polling);
}

/** An HPA's settings; KEDA's HPA never goes below 1. */
export function hpaPolicy(scale: HpaDocument | KedaDocument): HpaPolicy {
  const keda = scale.by === "keda";
  return {
    min: keda ? Math.max(1, scale.min ?? 0) : (scale.min ?? 1),
    max: scale.max ?? 100,
    up: rulesOf(scale.up, defaultUp, scale.tolerance),
    down: rulesOf(scale.down, defaultDown, scale.tolerance),
  };
}

export function kedaPolicy({ min = 0, idle, cooldown, initialCooldown }: KedaDocument): KedaPolicy {
  return {
    min,
    idle,
    cooldownMs: cooldown === undefined ? 300_000 : parseDuration(cooldown),
    initialCooldownMs: initialCooldown === undefined ? 0 : parseDuration(initialCooldown),
  };
}

export function schedulePolicy({ steps, repeat }: Extract<ScaleDocument, { by: "schedule" }>): SchedulePolicy {
  return {
    steps: steps.map(({ at, ...step }) => ({ atMs: parseDuration(at), ...step })),
    repeatMs: repeat === undefined ? 0 : parseDuration(repeat),
  };
}

function rulesOf(
  { stabilization, policies, select, tolerance }: ScalingRulesDocument = {},
  standard: ScalingRules,
  ofAll: number | undefined,
): ScalingRules {
  return {
    stabilizationMs: stabilization === undefined ? standard.stabilizationMs : parseDuration(stabilization),
    policies:
      policies?.map((policy) =>
        "pods" in policy
          ? { kind: "pods", value: policy.pods, periodMs: parseDuration(policy.period) }
          : { kind: "percent", value: policy.percent, periodMs: parseDuration(policy.period) },
      ) ?? standard.policies,
    select: select ?? standard.select,
    tolerance: tolerance ?? ofAll ?? standard.tolerance,
  };
}
