import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer";
import type { INetworkPolicyPort } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort";
import { labelsOf, nameOf, selectorOf } from "./labels.js";
import { port, type RoleName } from "./roles.js";
import type { Settings } from "./settings.js";

/** Whom a role calls, and who calls it, of the roles. */
const calls: Readonly<Record<RoleName, readonly RoleName[]>> = {
  gateway: ["documents", "kernels", "runs"],
  documents: [],
  // What a cell runs, it hands to the runs of its cluster by the gateway.
  kernels: ["gateway", "documents", "runs"],
  runs: [],
  worker: [],
};

const names = Object.keys(calls) as RoleName[];

/** Nothing may talk to anything but what is said here. */
export function networkPolicies(settings: Settings): INetworkPolicy[] {
  const { namespace, namespaces } = settings;
  const nothing: INetworkPolicy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "architech-default-deny", namespace, labels: labelsOf() },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
  const lookUps: INetworkPolicy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "architech-dns", namespace, labels: labelsOf() },
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ namespaceSelector: named("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
    },
  };
  const nats: INetworkPolicy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "architech-nats", namespace: namespaces.nats, labels: labelsOf() },
    spec: {
      podSelector: { matchLabels: natsPods },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: named(namespace), podSelector: { matchLabels: labelsOf() } }],
          ports: [tcp(4222)],
        },
        { from: [{ namespaceSelector: named(namespaces.keda) }], ports: [tcp(8222)] },
        { from: [{ podSelector: { matchLabels: natsPods } }], ports: [tcp(6222)] },
      ],
    },
  };
  return [nothing, lookUps, ...names.map((role) => policyOf(role, settings)), nats];
}

const tcp = (port: number): INetworkPolicyPort => ({ port, protocol: "TCP" });

const natsPods = { "app.kubernetes.io/name": "nats" };

const named = (namespace: string) => ({ matchLabels: { "kubernetes.io/metadata.name": namespace } });

const pods = (roles: readonly RoleName[]): INetworkPolicyPeer[] =>
  roles.map((role) => ({ podSelector: { matchLabels: selectorOf(role) } }));

function policyOf(role: RoleName, { namespace, namespaces, traces }: Settings): INetworkPolicy {
  const from = [
    ...pods(names.filter((caller) => calls[caller].includes(role))),
    ...(role === "gateway" ? [{ namespaceSelector: named(namespaces.entry) }] : []),
    { namespaceSelector: named(namespaces.monitoring) },
  ];
  const to = pods(calls[role]);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: nameOf(role), namespace, labels: labelsOf(role) },
    spec: {
      podSelector: { matchLabels: selectorOf(role) },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from, ports: [tcp(port)] }],
      egress: [
        {
          to: [{ namespaceSelector: named(namespaces.nats), podSelector: { matchLabels: natsPods } }],
          ports: [tcp(4222)],
        },
        ...(traces === undefined
          ? []
          : [
              {
                to: [{ namespaceSelector: named(namespaces.monitoring) }],
                ports: [tcp(Number(new URL(traces).port || 80))],
              },
            ]),
        ...(to.length === 0 ? [] : [{ to, ports: [tcp(port)] }]),
        ...(role === "documents"
          ? [{ to: [{ namespaceSelector: named(namespaces.mongodb) }], ports: [tcp(27_017)] }]
          : []),
      ],
    },
  };
}
