import type { IScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import type { IMetricSpec } from "kubernetes-models/autoscaling/v2/MetricSpec";
import { labelsOf, nameOf } from "./labels.js";
import type { RoleName } from "./roles.js";
import type { Settings } from "./settings.js";

/**
 * The stream of the tasks of runs, and its lanes with the messages for each worker: a durable consumer each, by the names
 * that the bus gives them. KEDA counts messages that are being worked on too, so with more than a worker has threads it
 * would take workers away that are busy, and bring them back: `notebooks/autoscaling.ipynb` shows it.
 */
export const tasks = { stream: "architech_q_tasks", lanes: { interactive: 2, batch: 2 } } as const;

/** What decides how many pods there are of each role that can come and go. */
export const scalers = (settings: Settings): (IHorizontalPodAutoscaler | IScaledObject)[] => [
  // Its memory is what sockets hold, which another pod does not take over.
  hpa("gateway", settings, { min: 2, max: 10, metrics: [utilization("cpu", 60)] }),
  hpa("documents", settings, { min: 2, max: 8, metrics: [utilization("cpu", 60), utilization("memory", 80)] }),
  hpa("runs", settings, { min: 2, max: 6, metrics: [utilization("cpu", 60), utilization("memory", 80)] }),
  workerScaler(settings),
];

/** The HPA of a role: up by pairs within a minute, down by one a minute once nothing more was wished for five. */
function hpa(
  role: RoleName,
  { namespace }: Settings,
  { min, max, metrics }: { min: number; max: number; metrics: IMetricSpec[] },
): IHorizontalPodAutoscaler {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: nameOf(role), namespace, labels: labelsOf(role) },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: nameOf(role) },
      minReplicas: min,
      maxReplicas: max,
      metrics,
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
        scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
      },
    },
  };
}

const utilization = (name: "cpu" | "memory", averageUtilization: number): IMetricSpec => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization } },
});

/** Workers by the messages of each lane, down to none. */
function workerScaler({ namespace, namespaces }: Settings): IScaledObject {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: nameOf("worker"), namespace, labels: labelsOf("worker") },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: nameOf("worker") },
      pollingInterval: 10,
      cooldownPeriod: 300,
      minReplicaCount: 0,
      maxReplicaCount: 50,
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 200, periodSeconds: 15 }] },
            scaleDown: {
              stabilizationWindowSeconds: 120,
              policies: [{ type: "Percent", value: 50, periodSeconds: 60 }],
            },
          },
        },
      },
      triggers: Object.entries(tasks.lanes).map(([lane, lag]) => ({
        type: "nats-jetstream",
        name: lane,
        metadata: {
          natsServerMonitoringEndpoint: `nats-headless.${namespaces.nats}.svc.cluster.local:8222`,
          account: "$G",
          stream: tasks.stream,
          consumer: lane,
          lagThreshold: `${lag}`,
          activationLagThreshold: "0",
        },
      })),
    },
  };
}
