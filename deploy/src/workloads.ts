import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { labelsOf, nameOf, selectorOf } from "./labels.js";
import { podTemplate } from "./pods.js";
import { port, type Role } from "./roles.js";
import type { Settings } from "./settings.js";

/** All that makes one role run, without what scales it. */
export function workload(
  role: Role,
  settings: Settings,
): (IDeployment | IPodDisruptionBudget | IService | IServiceAccount)[] {
  const { namespace } = settings;
  const metadata = { name: nameOf(role.name), namespace, labels: labelsOf(role.name) };
  const matchLabels = selectorOf(role.name);
  const account: IServiceAccount = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
    automountServiceAccountToken: false,
  };
  const deployment: IDeployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      // A scaler's replicas are not said here: to apply this again would put them back.
      ...(role.replicas === undefined ? {} : { replicas: role.replicas }),
      revisionHistoryLimit: 3,
      selector: { matchLabels },
      // One more before one less; a worker that goes gives back what it has not begun.
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: role.serves ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: "25%", maxUnavailable: "25%" },
      },
      template: podTemplate(role, settings),
    },
  };
  const budget: IPodDisruptionBudget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: {
      maxUnavailable: role.maxUnavailable,
      unhealthyPodEvictionPolicy: role.irreplaceable ? "IfHealthyBudget" : "AlwaysAllow",
      selector: { matchLabels },
    },
  };
  const service: IService = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type: "ClusterIP",
      selector: matchLabels,
      ports: [{ name: "http", port, targetPort: "http", protocol: "TCP", appProtocol: "http" }],
    },
  };
  return [account, deployment, budget, ...(role.serves ? [service] : [])];
}
