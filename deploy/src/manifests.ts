import type { TypeMeta } from "@kubernetes-models/base";
import type { INamespace } from "kubernetes-models/v1/Namespace";
import { stringify } from "yaml";
import { httpRoute, ingress } from "./entry.js";
import { labelsOf } from "./labels.js";
import { networkPolicies } from "./network.js";
import { rolesOf } from "./roles.js";
import { scalers } from "./scalers.js";
import { monitoring } from "./seeing/monitors.js";
import type { Settings } from "./settings.js";
import { workload } from "./workloads.js";

/** The manifests of an installation by the names of their files, and a kustomization that lists them. */
export function manifests(settings: Settings): ReadonlyMap<string, string> {
  const files = new Map<string, readonly TypeMeta[]>([
    ["namespace.yaml", [namespaceOf(settings)]],
    ...rolesOf(settings.host).map((role): [string, TypeMeta[]] => [`${role.name}.yaml`, workload(role, settings)]),
    ["scalers.yaml", scalers(settings)],
    ["network-policies.yaml", networkPolicies(settings)],
    ...(settings.monitoring === "operator" ? [["monitoring.yaml", monitoring(settings)] as [string, TypeMeta[]]] : []),
    ...(settings.entry === "route" ? [["http-route.yaml", [httpRoute(settings)]] as [string, TypeMeta[]]] : []),
    ...(settings.entry === "ingress" ? [["ingress.yaml", [ingress(settings)]] as [string, TypeMeta[]]] : []),
  ]);
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [...files.keys()],
  };
  return new Map([
    ...[...files].map(([name, documents]): [string, string] => [name, yamlOf(documents)]),
    ["kustomization.yaml", yamlOf([kustomization])],
  ]);
}

const namespaceOf = ({ namespace }: Settings): INamespace => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: namespace,
    labels: { ...labelsOf(), "pod-security.kubernetes.io/enforce": "restricted" },
  },
});

/** Documents of one file; aliases would be shorter, and no manifest has them. */
const yamlOf = (documents: readonly object[]): string =>
  documents.map((document) => stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })).join("---\n");
