import assert from "node:assert/strict";
import type { TypeMeta } from "@kubernetes-models/base";
import type { IHTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import type { IScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import type { IIngress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IService } from "kubernetes-models/v1/Service";
import { parse } from "yaml";
import { manifests } from "../../../deploy/build/manifests.js";
import { graceS, preStopS, rolesOf } from "../../../deploy/build/roles.js";
import { defaults } from "../../../deploy/build/settings.js";
import { type Release, releases } from "./releases.js";
import { fieldErrors, valueErrors } from "./schemas.js";
import { ofKind, podOf, selects, written } from "./written.js";

const all = [...written(), ...written({ ...defaults, entry: "ingress" }).filter(({ kind }) => kind === "Ingress")];
const deployments = ofKind<IDeployment>(all, "Deployment");
const roles = rolesOf(defaults.host);
/** Of kinds that Kubernetes has without anything that is installed in it. */
const manifestsOfItsOwn = all.filter(
  ({ apiVersion }) => !/^(gateway\.networking\.k8s\.io|keda\.sh|monitoring\.coreos\.com)\//.test(apiVersion),
);

describe("manifests", () => {
  it("have no field that their kinds do not know, and miss none", () => assert.deepEqual(fieldErrors(all), []));

  it("have values that their kinds accept", () => assert.deepEqual(all.flatMap(valueErrors), []));

  it("are refused when a field is misspelt, is missing, or has another type", () => {
    const wrong = (change: (deployment: IDeployment) => void): string[] => {
      const copy = structuredClone(deployments[0]!);
      change(copy);
      return [...fieldErrors([copy as TypeMeta]), ...valueErrors(copy)];
    };
    assert.match(wrong((it) => Object.assign(podOf(it), { runAsRoot: true })).join(), /runAsRoot/);
    assert.match(
      wrong((it) => Object.assign(podOf(it).containers[0]!, { imagePullPolcy: "Always" })).join(),
      /imagePullPolcy/,
    );
    assert.match(wrong((it) => delete (it.spec as Partial<typeof it.spec>)!.selector).join(), /selector/);
    assert.match(wrong((it) => Object.assign(it.spec!, { replicas: "three" })).join(), /replicas|number/);
  });

  it("are all in one kustomization, each name once", () => {
    const files = manifests(defaults);
    const { resources } = parse(files.get("kustomization.yaml")!) as { resources: string[] };
    assert.deepEqual([...resources, "kustomization.yaml"].sort(), [...files.keys()].sort());
    const names = written().map((it) => {
      const { name, namespace } = (it as { metadata?: { name?: string; namespace?: string } }).metadata ?? {};
      return `${it.kind} ${namespace}/${name}`;
    });
    assert.equal(new Set(names).size, names.length);
  });

  it("hold no secret, only the name of one", () => {
    for (const deployment of deployments)
      for (const { name, value } of podOf(deployment).containers[0]!.env ?? [])
        if (/TOKEN|BUS|URL/.test(name)) assert.equal(value, undefined, name);
  });
});

describe("manifests in the releases of Kubernetes", () => {
  let all: Release[];
  before(async function () {
    all = await releases(this);
  });

  it("are of kinds and fields that the oldest has that they are meant for, and the newest that is known", async () => {
    const both = all.filter(({ version }, i) => version === "1.27.0" || i === all.length - 1);
    assert.equal(both.length, 2);
    for (const { version, errors } of both)
      for (const manifest of manifestsOfItsOwn)
        assert.deepEqual(await errors(manifest), [], `${manifest.kind} in ${version}`);
  });

  it("are refused where a field is misspelt, or a value is none of those that there are", async () => {
    const { errors } = all.at(-1)!;
    const wrong = structuredClone(deployments[0]!);
    Object.assign(podOf(wrong).containers[0]!, { imagePullPolcy: "Always" });
    assert.match((await errors(wrong as TypeMeta)).join(), /containers\/0.*imagePullPolcy/);
    const other = structuredClone(deployments[0]!);
    Object.assign(other.spec!, { replicas: "three" });
    assert.match((await errors(other as TypeMeta)).join(), /\/spec\/replicas/);
  });
});

describe("pods", () => {
  it("are of every role", () =>
    assert.deepEqual(
      deployments.map(({ metadata }) => metadata?.name),
      roles.map(({ name }) => `architech-${name}`),
    ));

  for (const deployment of deployments) {
    const name = deployment.metadata!.name!;
    const pod = podOf(deployment);
    const role = roles.find((role) => name === `architech-${role.name}`)!;

    it(`of ${name} are not root, have a read-only root and no token of the cluster`, () => {
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.securityContext?.runAsNonRoot, true);
      assert.ok((pod.securityContext?.runAsUser ?? 0) > 0);
      assert.equal(pod.securityContext?.seccompProfile?.type, "RuntimeDefault");
      assert.equal(pod.hostNetwork ?? pod.hostPID ?? pod.hostIPC, undefined);
      for (const { securityContext, resources, volumeMounts } of pod.containers) {
        assert.equal(securityContext?.readOnlyRootFilesystem, true);
        assert.equal(securityContext?.allowPrivilegeEscalation, false);
        assert.deepEqual(securityContext?.capabilities, { drop: ["ALL"] });
        for (const of of [resources?.requests, resources?.limits])
          assert.deepEqual(Object.keys(of ?? {}).sort(), ["cpu", "memory"]);
        assert.deepEqual(
          volumeMounts?.map((mount) => mount.name),
          pod.volumes?.map((volume) => volume.name),
        );
      }
    });

    it(`of ${name} are what its selector, its budget and its spread select`, () => {
      const { labels } = deployment.spec!.template.metadata!;
      const budgets = ofKind<IPodDisruptionBudget>(all, "PodDisruptionBudget").filter(({ spec }) =>
        selects(spec?.selector, labels),
      );
      assert.deepEqual(
        budgets.map(({ metadata }) => metadata?.name),
        [name],
      );
      const others = deployments.filter((other) =>
        selects(deployment.spec!.selector, other.spec!.template.metadata!.labels),
      );
      assert.deepEqual(others, [deployment]);
      assert.equal(pod.topologySpreadConstraints?.length, 2);
      for (const { labelSelector, matchLabelKeys } of pod.topologySpreadConstraints ?? []) {
        assert.ok(selects(labelSelector, labels));
        // By the old pods of a rollout the new ones would be spread unevenly.
        assert.deepEqual(matchLabelKeys, ["pod-template-hash"]);
      }
      assert.ok(
        all.some(
          ({ kind, ...it }) => kind === "ServiceAccount" && (it as IService).metadata?.name === pod.serviceAccountName,
        ),
      );
    });

    it(`of ${name} that are not ready ${role.irreplaceable ? "hold" : "do not hold"} a drain of nodes up`, () => {
      const [budget] = ofKind<IPodDisruptionBudget>(all, "PodDisruptionBudget").filter(
        ({ metadata }) => metadata?.name === name,
      );
      // Kernels have variables, whatever their pod's readiness says of the bus.
      const expected = role.name === "kernels" ? "IfHealthyBudget" : "AlwaysAllow";
      assert.equal(budget!.spec!.unhealthyPodEvictionPolicy, expected);
    });

    it(`of ${name} are probed on a port that they have, and given time to end`, () => {
      const [container] = pod.containers;
      const { ports = [], startupProbe, livenessProbe, readinessProbe, lifecycle } = container!;
      const services = ofKind<IService>(all, "Service").filter(({ spec }) =>
        selects({ matchLabels: spec?.selector ?? {} }, deployment.spec!.template.metadata!.labels),
      );
      assert.deepEqual(
        [startupProbe, livenessProbe, readinessProbe].map((probe) => [probe?.httpGet?.path, probe?.httpGet?.port]),
        [
          ["/healthz", "http"],
          ["/healthz", "http"],
          ["/readyz", "http"],
        ],
      );
      assert.deepEqual(
        ports.map(({ name, containerPort }) => [name, containerPort]),
        [["http", Number(settingOf(container!.args!, "--port"))]],
      );
      assert.equal(services.length, role.serves ? 1 : 0);
      if (!role.serves) return;
      assert.deepEqual(
        services[0]!.spec?.ports?.map(({ targetPort }) => targetPort),
        ["http"],
      );
      assert.equal(Number(settingOf(container!.args!, "--grace")), graceS);
      assert.deepEqual(lifecycle?.preStop?.exec?.command, ["sleep", `${preStopS}`]);
      assert.ok(pod.terminationGracePeriodSeconds! >= preStopS + graceS + 10);
    });
  }
});

const settingOf = (args: readonly string[], flag: string): string => args[args.indexOf(flag) + 1]!;

describe("what leads to the gateway", () => {
  it("names its service and a port of it", () => {
    const [gateway] = ofKind<IService>(all, "Service").filter(({ metadata }) => metadata?.name === "architech-gateway");
    const ports = gateway!.spec!.ports!;
    const [route] = ofKind<IHTTPRoute>(all, "HTTPRoute");
    const [backend] = route!.spec.rules![0]!.backendRefs!;
    assert.deepEqual([backend!.name, backend!.port], ["architech-gateway", ports[0]!.port]);
    const [ingress] = ofKind<IIngress>(all, "Ingress");
    const { service } = ingress!.spec!.rules![0]!.http!.paths[0]!.backend;
    assert.deepEqual([service!.name, service!.port!.name], ["architech-gateway", ports[0]!.name]);
    const [deployment] = deployments.filter(({ metadata }) => metadata?.name === "architech-gateway");
    assert.deepEqual(route!.spec.hostnames, [settingOf(podOf(deployment!).containers[0]!.args!, "--allow-host")]);
  });
});

describe("scalers", () => {
  const hpas = ofKind<IHorizontalPodAutoscaler>(all, "HorizontalPodAutoscaler");
  const objects = ofKind<IScaledObject>(all, "ScaledObject");

  it("are there for every role without replicas of its own, and point at its Deployment", () => {
    const targets = [...hpas, ...objects].map(({ spec }) => spec!.scaleTargetRef!.name).sort();
    const wanted = deployments
      .filter(({ spec }) => spec!.replicas === undefined)
      .map(({ metadata }) => metadata!.name!);
    assert.deepEqual(targets, wanted.sort());
  });

  it("read only what their pods request", () => {
    for (const { spec } of hpas) {
      const deployment = deployments.find(({ metadata }) => metadata?.name === spec!.scaleTargetRef.name)!;
      for (const { resource } of spec!.metrics!)
        assert.ok(podOf(deployment).containers.every(({ resources }) => resource!.name in resources!.requests!));
    }
  });
});
