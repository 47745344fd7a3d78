import type { HpaSettings, ScalingPolicy, ScalingRules } from "../model/scale.js";
import type { ObjectShape, Path, Shape } from "../model/shape.js";
import { object, only, optional, required } from "../model/shape-parts.js";
import { parseQuantity } from "./quantity.js";

export const text: Shape = { shape: "text", maxLength: 1000 };
const seconds = (min: number, max: number): Shape => ({ shape: "number", min, max, whole: true });

/** Text or a number: a quantity, which is parsed by itself. */
export const quantity: Shape = {
  shape: "either",
  what: "a quantity",
  text,
  number: { shape: "number", min: 0, max: 1e15 },
};

export const targetRef: ObjectShape = object("a scaleTargetRef", {
  apiVersion: optional(text),
  kind: optional(text),
  name: required(text),
});

const rules: ObjectShape = object("scaling rules", {
  stabilizationWindowSeconds: optional(seconds(0, 3600)),
  selectPolicy: optional(only("Max", "Min", "Disabled")),
  policies: optional({
    shape: "list",
    what: "policies",
    least: 1,
    of: () =>
      object("a policy", {
        type: required(only("Pods", "Percent")),
        value: required({ shape: "number", min: 1, max: 10_000, whole: true }),
        periodSeconds: required(seconds(1, 1800)),
      }),
  }),
  tolerance: optional(quantity),
});

/** The shape of an HPA's `behavior`. */
export const behaviorShape: ObjectShape = object("a behavior", {
  scaleUp: optional(rules),
  scaleDown: optional(rules),
});

interface RulesManifest {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: "Max" | "Min" | "Disabled";
  readonly policies?: readonly {
    readonly type: "Pods" | "Percent";
    readonly value: number;
    readonly periodSeconds: number;
  }[];
  readonly tolerance?: unknown;
}

/** An HPA's `behavior`, as the manifest has it. */
export interface BehaviorManifest {
  readonly scaleUp?: RulesManifest;
  readonly scaleDown?: RulesManifest;
}

/** How it rises and falls, in the words of `hpa()`. */
export function rulesOf(behavior: BehaviorManifest | undefined, path: Path): Pick<HpaSettings, "up" | "down"> {
  const { scaleUp, scaleDown } = behavior ?? {};
  return {
    ...(scaleUp === undefined ? {} : { up: direction(scaleUp, [...path, "scaleUp"]) }),
    ...(scaleDown === undefined ? {} : { down: direction(scaleDown, [...path, "scaleDown"]) }),
  };
}

function direction(rules: RulesManifest, path: Path): ScalingRules {
  const { stabilizationWindowSeconds: window, selectPolicy, policies, tolerance } = rules;
  return {
    ...(window === undefined ? {} : { stabilization: `${window}s` }),
    ...(selectPolicy === undefined ? {} : { select: selectPolicy.toLowerCase() as "max" | "min" | "disabled" }),
    ...(policies === undefined ? {} : { policies: policies.map(policyOf) }),
    ...(tolerance === undefined ? {} : { tolerance: toleranceOf(tolerance, [...path, "tolerance"]) }),
  };
}

function policyOf({ type, value, periodSeconds }: NonNullable<RulesManifest["policies"]>[number]): ScalingPolicy {
  const period = `${periodSeconds}s` as const;
  return type === "Pods" ? { pods: value, period } : { percent: value, period };
}

function toleranceOf(value: unknown, path: Path): number {
  return value === 0 || value === "0" ? 0 : parseQuantity(value, path);
}
