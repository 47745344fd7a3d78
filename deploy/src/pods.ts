import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodTemplateSpec } from "kubernetes-models/v1/PodTemplateSpec";
import type { IProbe } from "kubernetes-models/v1/Probe";
import { labelsOf, nameOf, selectorOf } from "./labels.js";
import { port, preStopS, type Role } from "./roles.js";
import type { Settings } from "./settings.js";

/** The user of the image. */
const uid = 10_001;

/** The secret that an installation makes by itself. */
export const secretName = "architech";

/** The pods of a role: no root, nothing written but to two scratch folders, no token of the cluster. */
export function podTemplate(role: Role, settings: Pick<Settings, "image" | "traces">): IPodTemplateSpec {
  return {
    metadata: { labels: { ...labelsOf(role.name), ...selectorOf(role.name) } },
    spec: {
      serviceAccountName: nameOf(role.name),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: role.terminationGraceS,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: uid,
        fsGroup: uid,
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorOf(role.name) },
        // Only pods of the same template count: else a rollout spreads new pods around old ones, and leaves them uneven.
        matchLabelKeys: ["pod-template-hash"],
      })),
      containers: [container(role, settings)],
      volumes: [
        { name: "data", emptyDir: { sizeLimit: role.scratch.data } },
        { name: "tmp", emptyDir: { sizeLimit: role.scratch.tmp } },
      ],
    },
  };
}

function container(role: Role, { image, traces }: Pick<Settings, "image" | "traces">): IContainer {
  const { name, args, serves, requests, limits } = role;
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    args: [...args],
    env: [
      { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "ARCHITECH_DATA", value: "/data" },
      { name: "ARCHITECH_LOG_FORMAT", value: "json" },
      ...(traces === undefined
        ? []
        : [
            { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: traces },
            { name: "OTEL_SERVICE_NAME", value: nameOf(role.name) },
          ]),
      ...role.secrets.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: secretName, key } } })),
    ],
    ...probed(),
    ...(serves ? { lifecycle: { preStop: { exec: { command: ["sleep", `${preStopS}`] } } } } : {}),
    resources: { requests: { ...requests }, limits: { ...limits } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function probed(): Pick<IContainer, "ports" | "startupProbe" | "livenessProbe" | "readinessProbe"> {
  return {
    ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
    // A minute to start; only then the others count.
    startupProbe: { ...probe("/healthz"), periodSeconds: 2, failureThreshold: 30 },
    livenessProbe: { ...probe("/healthz"), periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...probe("/readyz"), periodSeconds: 5, failureThreshold: 2 },
  };
}

const probe = (path: string): IProbe => ({ httpGet: { path, port: "http" }, timeoutSeconds: 3 });
