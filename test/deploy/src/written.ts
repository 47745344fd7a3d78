import type { TypeMeta } from "@kubernetes-models/base";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IIoK8sApiCoreV1PodSpec } from "kubernetes-models/v1/PodSpec";
import { parseAllDocuments } from "yaml";
import { manifests } from "../../../deploy/build/manifests.js";
import { defaults, type Settings } from "../../../deploy/build/settings.js";

/** What a cluster reads: the manifests as they stand in the YAML. */
export function written(settings: Settings = defaults): TypeMeta[] {
  return [...manifests(settings)]
    .filter(([file]) => file !== "kustomization.yaml")
    .flatMap(([, text]) => parseAllDocuments(text))
    .map((document) => document.toJS() as TypeMeta);
}

/** Those of a kind. */
export const ofKind = <T extends TypeMeta>(all: readonly TypeMeta[], kind: T["kind"]): T[] =>
  all.filter((manifest): manifest is T => manifest.kind === kind);

export const podOf = ({ spec }: IDeployment): IIoK8sApiCoreV1PodSpec => spec!.template.spec!;

/** Whether a selector's labels are all among these. */
export const selects = (
  selector: { readonly matchLabels?: Readonly<Record<string, string>> } | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean => Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels?.[name] === value);
