import type { Queue } from "../model/node.js";
import { type HpaSettings, type HpaTarget, hpa, type Scale } from "../model/scale.js";
import { limits, type ObjectShape, type Path, type Shape } from "../model/shape.js";
import { object, only, optional, required } from "../model/shape-parts.js";
import { quoted } from "../units/amount.js";
import { type BehaviorManifest, behaviorShape, quantity, rulesOf, targetRef, text } from "./behavior.js";
import { parseQuantity } from "./quantity.js";
import { checked, documentOf, wrong } from "./read.js";

/** What a manifest cannot say: which of the model's numbers its metrics are, and what its cluster is set to. */
export interface HpaManifestOptions extends Pick<HpaSettings, "sync" | "tolerance" | "cpuInitialization" | "startup"> {
  /**
   * The metrics of type Pods, Object and External by their names: "rate" (requests that a replica answers),
   * "concurrency" (requests inside a replica), or the queue whose waiting messages it counts.
   */
  readonly metrics?: Readonly<Record<string, "rate" | "concurrency" | Queue>>;
}

const replicas = (min: number): Shape => ({ shape: "number", min, max: limits.scaled, whole: true });
const target = (...kinds: readonly string[]): ObjectShape =>
  object("a target", {
    type: required(only(...kinds)),
    averageUtilization: optional({ shape: "number", min: 1, max: 10_000, whole: true }),
    averageValue: optional(quantity),
    value: optional(quantity),
  });
const metric = object("a metric", { name: required(text), selector: optional(object("a selector", {})) });

const sources: Readonly<Record<string, Readonly<Record<string, ObjectShape>>>> = {
  Resource: {
    resource: object("a resource", {
      name: required(only("cpu", "memory")),
      target: required(target("Utilization", "AverageValue")),
    }),
  },
  ContainerResource: {
    containerResource: object("a container's resource", {
      name: required(only("cpu", "memory")),
      container: required(text),
      target: required(target("Utilization", "AverageValue")),
    }),
  },
  Pods: { pods: object("a metric of pods", { metric: required(metric), target: required(target("AverageValue")) }) },
  Object: {
    object: object("a metric of an object", {
      describedObject: required(targetRef),
      metric: required(metric),
      target: required(target("Value", "AverageValue")),
    }),
  },
  External: {
    external: object("an external metric", {
      metric: required(metric),
      target: required(target("Value", "AverageValue")),
    }),
  },
};

const metricShape: Shape = {
  shape: "tagged",
  tag: "type",
  what: "a metric",
  cases: Object.fromEntries(
    Object.entries(sources).map(([type, source]) => [
      type,
      object(`a metric of type ${type}`, {
        type: required(only(type)),
        ...Object.fromEntries(Object.entries(source).map(([name, shape]) => [name, required(shape)])),
      }),
    ]),
  ),
};

const shape = object("a HorizontalPodAutoscaler", {
  apiVersion: required(text),
  kind: required(text),
  spec: required(
    object("a HorizontalPodAutoscaler's spec", {
      scaleTargetRef: required(targetRef),
      minReplicas: optional(replicas(0)),
      maxReplicas: required(replicas(1)),
      metrics: optional({ shape: "list", of: () => metricShape, what: "metrics", least: 1 }),
      behavior: optional(behaviorShape),
    }),
  ),
});

interface Target {
  readonly type: "Utilization" | "AverageValue" | "Value";
  readonly averageUtilization?: number;
  readonly averageValue?: unknown;
  readonly value?: unknown;
}

interface Source {
  readonly name?: string;
  readonly metric?: { readonly name: string };
  readonly target: Target;
}

interface HpaManifest {
  readonly spec: {
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[];
    readonly behavior?: BehaviorManifest;
  };
}

/**
 * What scales a node as the HorizontalPodAutoscaler (`autoscaling/v2`) of a manifest does: the text of its YAML, in
 * which other documents may stand too. Without `metrics` it aims at 80 % of the cores, as Kubernetes has it. `metadata`,
 * `status`, the target's name and selectors mean nothing to a model. Throws `manifest-invalid`, naming field and value,
 * for a field that there is not, a value that it cannot have, and a metric that no model has: memory, or one that
 * `metrics` does not name.
 */
export function readHpa(yaml: string, options: HpaManifestOptions = {}): Scale {
  const { metadata, ...document } = documentOf(yaml, { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" });
  void metadata;
  const { spec } = checked<HpaManifest>(shape, withoutSelectors(document), []);
  const { metrics: names = {}, ...settings } = options;
  let aims: HpaTarget = {};
  for (const [i, { type, ...source }] of (spec.metrics ?? []).entries()) {
    const at = ["spec", "metrics", i];
    const [field, value] = Object.entries(source)[0] as [string, Source];
    const aim = aimOf(type, value, names, [...at, field]);
    const twice = Object.keys(aim).find((name) => name in aims);
    if (twice !== undefined) wrong(at, `is a second metric that reads ${twice}: a model has one of each`);
    aims = { ...aims, ...aim };
  }
  return hpa({
    ...(spec.minReplicas === undefined ? {} : { min: spec.minReplicas }),
    max: spec.maxReplicas,
    target: spec.metrics === undefined ? { cpu: 0.8 } : aims,
    ...rulesOf(spec.behavior, ["spec", "behavior"]),
    ...settings,
  });
}

function aimOf(type: string, source: Source, names: NonNullable<HpaManifestOptions["metrics"]>, path: Path): HpaTarget {
  const { target, name, metric } = source;
  const at = [...path, "target"];
  if (metric === undefined) {
    if (name === "memory") wrong([...path, "name"], `is "memory": a model knows no memory, so take the metric out`);
    if (target.type === "AverageValue") return { cores: given(target, "averageValue", at) };
    const percent = target.averageUtilization;
    if (percent === undefined) return wrong([...at, "averageUtilization"], "is missing: type Utilization needs it");
    if (percent > 100)
      wrong(
        [...at, "averageUtilization"],
        `is ${percent}: the cores of a replica are its request and its limit, so more than 100 is never reached`,
      );
    return { cpu: percent / 100 };
  }
  const meant = Object.hasOwn(names, metric.name) ? names[metric.name] : undefined;
  if (meant === undefined)
    return wrong(
      [...path, "metric", "name"],
      `is ${quoted(metric.name)}, which no model has: say what it is, as in { metrics: { ${quoted(metric.name)}: "rate" } } or a queue`,
    );
  if (typeof meant === "string") {
    if (type !== "Pods")
      wrong(
        [...path, "metric", "name"],
        `is ${quoted(metric.name)}, which is of no pod: a queue can be read, not "${meant}"`,
      );
    const value = given(target, "averageValue", at);
    return meant === "rate" ? { rate: `${value}rps` } : { concurrency: value };
  }
  if (type === "Pods")
    wrong(
      [...path, "metric", "name"],
      `is ${quoted(metric.name)}, of each pod: "rate" or "concurrency" can be read, not a queue`,
    );
  return target.type === "Value"
    ? { queue: { of: meant, value: given(target, "value", at) } }
    : { queue: { of: meant, average: given(target, "averageValue", at) } };
}

function given(target: Target, field: "averageValue" | "value", path: Path): number {
  if (target[field] === undefined) return wrong([...path, field], `is missing: type ${target.type} needs it`);
  return parseQuantity(target[field], [...path, field]);
}

/** Selectors say which of several sources is meant, by labels of any name; a model has one. */
function withoutSelectors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSelectors);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, of]) => name !== "selector" || typeof of !== "object" || of === null,
  );
  return Object.fromEntries(entries.map(([name, of]) => [name, withoutSelectors(of)]));
}
