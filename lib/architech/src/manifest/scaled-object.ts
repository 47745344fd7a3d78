import { type KedaSettings, keda, type Scale } from "../model/scale.js";
import { limits, type Path, type Shape } from "../model/shape.js";
import { flag, object, only, optional, required } from "../model/shape-parts.js";
import { quoted } from "../units/amount.js";
import { type BehaviorManifest, behaviorShape, rulesOf, text } from "./behavior.js";
import { checked, documentOf, wrong } from "./read.js";
import { type TriggerKind, triggerKinds } from "./triggers.js";

/** What a manifest cannot say: what its cluster is set to, and what a trigger counts that could count anything. */
export interface ScaledObjectOptions extends Pick<KedaSettings, "queue" | "sync" | "tolerance" | "startup"> {
  /** What the query of a `prometheus` trigger counts: "lag" (messages of the queue) or "concurrency" (requests inside). */
  readonly prometheus?: "lag" | "concurrency";
}

const replicas = (min: number): Shape => ({ shape: "number", min, max: limits.scaled, whole: true });
const seconds: Shape = { shape: "number", min: 0, max: 1e9, whole: true };

const shape = object("a ScaledObject", {
  apiVersion: required(text),
  kind: required(text),
  spec: required(
    object("a ScaledObject's spec", {
      scaleTargetRef: required(
        object("a scaleTargetRef", {
          apiVersion: optional(text),
          kind: optional(text),
          name: required(text),
          envSourceContainerName: optional(text),
        }),
      ),
      pollingInterval: optional(seconds),
      cooldownPeriod: optional(seconds),
      initialCooldownPeriod: optional(seconds),
      idleReplicaCount: optional(replicas(0)),
      minReplicaCount: optional(replicas(0)),
      maxReplicaCount: optional(replicas(1)),
      fallback: optional(
        object("a fallback", {
          failureThreshold: required(seconds),
          replicas: required(replicas(0)),
          behavior: optional(text),
        }),
      ),
      advanced: optional(
        object("advanced settings", {
          restoreToOriginalReplicaCount: optional(flag),
          horizontalPodAutoscalerConfig: optional(
            object("settings of the HPA", { name: optional(text), behavior: optional(behaviorShape) }),
          ),
        }),
      ),
      triggers: required({ shape: "list", of: () => trigger, what: "triggers", least: 1 }),
    }),
  ),
});

const trigger: Shape = {
  shape: "tagged",
  tag: "type",
  what: "a trigger",
  cases: Object.fromEntries(
    Object.entries(triggerKinds).map(([type, kind]) => [
      type,
      object("a trigger", {
        type: required(only(type)),
        name: optional(text),
        metadata: required(object(`the metadata of a ${type} trigger`, metadataFields(kind))),
        metricType: optional(only(kind.reads === "cpu" ? "Utilization" : "AverageValue")),
        useCachedMetrics: optional(flag),
        authenticationRef: optional(object("an authenticationRef", { name: required(text), kind: optional(text) })),
      }),
    ]),
  ),
};

function metadataFields({
  threshold,
  standard,
  activation,
  only: fixed = {},
  inFlight,
  idleConsumers,
  also,
}: TriggerKind) {
  return {
    [threshold]: standard === undefined ? required(text) : optional(text),
    ...(activation === undefined ? {} : { [activation]: optional(text) }),
    ...Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, optional(only(value))])),
    ...(inFlight === undefined ? {} : { [inFlight[0]]: optional(only("true", "false")) }),
    ...(idleConsumers === undefined ? {} : { [idleConsumers]: optional(only("true", "false")) }),
    ...Object.fromEntries(also.map((name) => [name, optional(text)])),
  };
}

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface ScaledObjectManifest {
  readonly spec: {
    readonly pollingInterval?: number;
    readonly cooldownPeriod?: number;
    readonly initialCooldownPeriod?: number;
    readonly idleReplicaCount?: number;
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly advanced?: { readonly horizontalPodAutoscalerConfig?: { readonly behavior?: BehaviorManifest } };
    readonly triggers: readonly Trigger[];
  };
}

/**
 * What scales a node as the ScaledObject (`keda.sh/v1alpha1`) of a manifest does: the text of its YAML, in which other
 * documents may stand too. Triggers of queues (`kafka`, `rabbitmq`, `aws-sqs-queue`, `azure-servicebus`, `gcp-pubsub`,
 * `nats-jetstream`, `redis-lists`) read the lag of the node's queue, `cpu` its busy cores, `prometheus` what the options
 * say. Where to connect, the fallback of a failing trigger and what happens on deletion mean nothing to a model.
 * Throws `manifest-invalid`, naming field and value, for a field that there is not, a value that it cannot have, and a
 * trigger that no model has.
 */
export function readScaledObject(yaml: string, options: ScaledObjectOptions = {}): Scale {
  const { metadata, ...document } = documentOf(yaml, { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" });
  refusePause(metadata as { annotations?: object } | undefined);
  const { spec } = checked<ScaledObjectManifest>(shape, document, []);
  const { prometheus, ...settings } = options;
  let aims: Partial<KedaSettings> = {};
  for (const [i, trigger] of spec.triggers.entries()) {
    const at = ["spec", "triggers", i];
    const aim = aimOf(trigger, prometheus, at);
    const twice = Object.keys(aim).find((name) => name in aims);
    if (twice !== undefined) wrong(at, `is a second trigger that sets ${twice}: a model has one of each`);
    aims = { ...aims, ...aim };
  }
  const { idleReplicaCount: idle, minReplicaCount: min, maxReplicaCount: max } = spec;
  return keda({
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(idle === undefined ? {} : { idle }),
    ...(spec.pollingInterval === undefined ? {} : { polling: `${spec.pollingInterval}s` }),
    ...(spec.cooldownPeriod === undefined ? {} : { cooldown: `${spec.cooldownPeriod}s` }),
    ...(spec.initialCooldownPeriod === undefined ? {} : { initialCooldown: `${spec.initialCooldownPeriod}s` }),
    ...rulesOf(spec.advanced?.horizontalPodAutoscalerConfig?.behavior, [
      ...["spec", "advanced", "horizontalPodAutoscalerConfig", "behavior"],
    ]),
    ...aims,
    ...settings,
  });
}

function aimOf({ type, metadata }: Trigger, prometheus: ScaledObjectOptions["prometheus"], path: Path) {
  const kind = triggerKinds[type]!;
  const at = [...path, "metadata"];
  const threshold = number(metadata[kind.threshold], [...at, kind.threshold]) ?? kind.standard!;
  if (kind.reads === "cpu") {
    if (threshold > 100)
      wrong([...at, kind.threshold], `is ${quoted(metadata[kind.threshold])}: write a percentage of at most 100`);
    return { cpu: threshold / 100 };
  }
  const reads = kind.reads === "anything" ? prometheus : kind.reads;
  if (reads === undefined)
    return wrong(
      [...path, "type"],
      `is ${quoted(type)}, which could count anything: say what, as in { prometheus: "concurrency" }`,
    );
  const { activation: field, inFlight, idleConsumers } = kind;
  const activation = field === undefined ? undefined : number(metadata[field], [...at, field]);
  const counts = inFlight === undefined ? undefined : metadata[inFlight[0]];
  return {
    [reads]: threshold,
    ...(activation === undefined ? {} : { activation }),
    ...(counts === undefined ? {} : { inFlight: counts === inFlight![1] }),
    ...(idleConsumers !== undefined && metadata[idleConsumers] === "true" ? { idleConsumers: true } : {}),
  };
}

function number(text: string | undefined, path: Path): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value >= 0
    ? value
    : wrong(path, `is ${quoted(text)}: a number of 0 or more is expected, in quotes`);
}

/** Annotations change nothing of scaling, but for those that pause it. */
function refusePause(metadata: { readonly annotations?: object | null } | undefined): void {
  const paused = Object.keys(metadata?.annotations ?? {}).find((name) => name.startsWith("autoscaling.keda.sh/paused"));
  if (paused !== undefined)
    wrong(["metadata", "annotations", paused], "pauses scaling: take it out, or give the node its replicas");
}
