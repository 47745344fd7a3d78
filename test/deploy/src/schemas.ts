import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Model, TypeMeta } from "@kubernetes-models/base";
import ts from "typescript";

/** Where a kind is declared: an interface, which knows every field, and a class, which checks values. */
const modules: Readonly<Record<string, string>> = {
  Namespace: "kubernetes-models/v1/Namespace",
  Service: "kubernetes-models/v1/Service",
  ServiceAccount: "kubernetes-models/v1/ServiceAccount",
  Deployment: "kubernetes-models/apps/v1/Deployment",
  PodDisruptionBudget: "kubernetes-models/policy/v1/PodDisruptionBudget",
  HorizontalPodAutoscaler: "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler",
  NetworkPolicy: "kubernetes-models/networking.k8s.io/v1/NetworkPolicy",
  Ingress: "kubernetes-models/networking.k8s.io/v1/Ingress",
  ConfigMap: "kubernetes-models/v1/ConfigMap",
  PodMonitor: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor",
  PrometheusRule: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule",
  HTTPRoute: "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute",
  ScaledObject: "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject",
};

const here = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);

const moduleOf = (kind: string): string => {
  const path = modules[kind];
  if (path === undefined) throw new Error(`no schema of ${kind} is known`);
  return path;
};

/** What is wrong with the values of a manifest by the schema of its kind: missing, of another type, of no such form. */
export function valueErrors(manifest: TypeMeta): string[] {
  const kind = require(moduleOf(manifest.kind))[manifest.kind] as new (data: object) => Model<TypeMeta>;
  try {
    new kind(manifest).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/**
 * What is wrong with manifests by the types of their kinds: a field that there is not, or one that is missing. Each is
 * written as a literal, in which the compiler refuses what its type does not know.
 */
export function fieldErrors(manifests: readonly TypeMeta[]): string[] {
  const kinds = [...new Set(manifests.map(({ kind }) => kind))];
  return typeErrors(
    kinds.map((kind) => `import type { I${kind} } from ${JSON.stringify(moduleOf(kind))};`),
    manifests.map((value) => ({ type: `I${value.kind}`, value })),
  );
}

/** The same for values of any types, after the lines that declare those. */
export function typeErrors(
  declared: readonly string[],
  values: readonly { readonly type: string; readonly value: unknown }[],
): string[] {
  const literals = values.map(({ type, value }, i) => `export const m${i}: ${type} = ${JSON.stringify(value)};`);
  const source = [...declared, ...literals].join("\n");
  const folder = mkdtempSync(join(here, "literals-"));
  try {
    const file = join(folder, "manifests.ts");
    writeFileSync(file, source);
    const program = ts.createProgram([file], {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      types: [],
      lib: ["lib.es2023.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
