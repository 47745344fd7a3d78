import assert from "node:assert/strict";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer";
import { labelsOf, selectorOf } from "../../../deploy/build/labels.js";
import type { RoleName } from "../../../deploy/build/roles.js";
import { defaults } from "../../../deploy/build/settings.js";
import { ofKind, podOf, selects, written } from "./written.js";

/** A pod somewhere, as policies see it. */
interface Place {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

const role = (name: RoleName): Place => ({
  namespace: "architech",
  labels: { ...labelsOf(name), ...selectorOf(name) },
});
const places = {
  gateway: role("gateway"),
  documents: role("documents"),
  kernels: role("kernels"),
  runs: role("runs"),
  worker: role("worker"),
  nats: { namespace: "nats", labels: { "app.kubernetes.io/name": "nats" } },
  mongodb: { namespace: "mongodb", labels: { app: "mongodb" } },
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  keda: { namespace: "keda", labels: { app: "keda-operator" } },
  entry: { namespace: "gateway", labels: { app: "proxy" } },
  monitoring: { namespace: "monitoring", labels: { app: "prometheus" } },
  stranger: { namespace: "default", labels: {} },
} satisfies Record<string, Place>;
type Name = keyof typeof places;

/** Every way that there is, by its port. */
const ways: Readonly<Record<number, Readonly<Partial<Record<Name, readonly Name[]>>>>> = {
  8888: {
    gateway: ["documents", "kernels", "runs"],
    kernels: ["gateway", "documents", "runs"],
    entry: ["gateway"],
    monitoring: ["gateway", "documents", "kernels", "runs", "worker"],
  },
  4222: { gateway: ["nats"], documents: ["nats"], kernels: ["nats"], runs: ["nats"], worker: ["nats"] },
  6222: { nats: ["nats"] },
  8222: { keda: ["nats"] },
  27017: { documents: ["mongodb"] },
  53: { gateway: ["dns"], documents: ["dns"], kernels: ["dns"], runs: ["dns"], worker: ["dns"] },
};

const policies = ofKind<INetworkPolicy>(written(), "NetworkPolicy");

const isPeer = (peer: INetworkPolicyPeer, place: Place, home: string): boolean =>
  (peer.namespaceSelector === undefined
    ? place.namespace === home
    : selects(peer.namespaceSelector, { "kubernetes.io/metadata.name": place.namespace })) &&
  selects(peer.podSelector, place.labels);

/** As a cluster decides: who has no policy of a direction may do all of it. */
function allows(direction: "Ingress" | "Egress", at: Place, other: Place, port: number): boolean {
  const own = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === at.namespace &&
      selects(spec?.podSelector, at.labels) &&
      spec?.policyTypes?.includes(direction),
  );
  if (own.length === 0) return true;
  return own.some(({ metadata, spec }) => {
    const rules =
      direction === "Ingress"
        ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (peers === undefined || peers.some((peer) => isPeer(peer, other, metadata!.namespace!))) &&
        (ports === undefined || ports.some((it) => it.port === port)),
    );
  });
}

describe("traces", () => {
  it("are sent by every pod to a collector, and let through, where one is named", () => {
    const all = written({ ...defaults, traces: "http://collector.monitoring:4318" });
    for (const deployment of ofKind<IDeployment>(all, "Deployment")) {
      const env = new Map(podOf(deployment).containers[0]!.env?.map(({ name, value }) => [name, value]));
      assert.equal(env.get("OTEL_EXPORTER_OTLP_ENDPOINT"), "http://collector.monitoring:4318");
      assert.equal(env.get("OTEL_SERVICE_NAME"), deployment.metadata!.name);
    }
    const sent = ofKind<INetworkPolicy>(all, "NetworkPolicy").filter(({ spec }) =>
      spec?.egress?.some(
        ({ ports, to }) =>
          ports?.some(({ port }) => port === 4318) &&
          to?.every(({ namespaceSelector }) =>
            selects(namespaceSelector, { "kubernetes.io/metadata.name": "monitoring" }),
          ),
      ),
    );
    assert.equal(sent.length, 5);
    assert.doesNotMatch(JSON.stringify(written()), /OTEL_|4318/);
  });
});

const ours = (place: Place): boolean => place.namespace === "architech" || place.namespace === "nats";

describe("network policies", () => {
  for (const [port, wanted] of Object.entries(ways))
    it(`open port ${port} to whom needs it and to nobody else`, () => {
      const open: Partial<Record<Name, Name[]>> = {};
      for (const [from, source] of Object.entries(places) as [Name, Place][])
        for (const [to, target] of Object.entries(places) as [Name, Place][])
          if (
            (ours(source) || ours(target)) &&
            // NATS may call whom it likes; what we say of it is who may call it.
            (source.namespace !== "nats" || to === "nats") &&
            allows("Egress", source, target, Number(port)) &&
            allows("Ingress", target, source, Number(port))
          )
            (open[from] ??= []).push(to);
      assert.deepEqual(open, wanted);
    });
});
