import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { type HpaManifestOptions, readHpa } from "architech";
import { queue } from "#src/model/node.js";

const jobs = queue();

/** In the shape of the documentation's walkthrough, with every kind of metric that a model can have. */
const manifest = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: php-apache
  labels: { app.kubernetes.io/name: shop }
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: php-apache
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 50
    - type: ContainerResource
      containerResource:
        name: cpu
        container: app
        target: { type: AverageValue, averageValue: 500m }
    - type: Pods
      pods:
        metric: { name: packets-per-second }
        target: { type: AverageValue, averageValue: 1k }
    - type: External
      external:
        metric:
          name: queue_messages_ready
          selector: { matchLabels: { queue: worker_tasks } }
        target: { type: AverageValue, averageValue: 30 }
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 60
      selectPolicy: Min
      tolerance: 50m
      policies:
        - { type: Percent, value: 10, periodSeconds: 60 }
        - { type: Pods, value: 5, periodSeconds: 90 }
    scaleUp:
      selectPolicy: Disabled
status: { currentReplicas: 3 }
`;
const metrics = { "packets-per-second": "rate", queue_messages_ready: jobs } as const;

function refused(from: string, to: string, message: RegExp, options: HpaManifestOptions = { metrics }): void {
  const text = manifest.replace(from, to);
  assert.ok(from === "" || text !== manifest, `"${from}" is in the manifest`);
  assert.throws(
    () => readHpa(text, options),
    (error) => {
      assert.ok(error instanceof ArchitechError, String(error));
      assert.equal(error.code, "manifest-invalid", error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe("readHpa()", () => {
  it("reads a manifest of autoscaling/v2 as hpa() has it", () => {
    assert.deepEqual(readHpa(manifest, { metrics, startup: "20s", sync: "30s" }), {
      by: "hpa",
      min: 2,
      max: 10,
      target: { cpu: 0.5, cores: 0.5, rate: "1000rps", queue: { of: jobs, average: 30 } },
      up: { select: "disabled" },
      down: {
        stabilization: "60s",
        select: "min",
        policies: [
          { percent: 10, period: "60s" },
          { pods: 5, period: "90s" },
        ],
        tolerance: 0.05,
      },
      startup: "20s",
      sync: "30s",
    });
  });

  it("finds it among other documents, and aims at 80 % of the cores where it names no metric", () => {
    const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: php-apache }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
spec: { scaleTargetRef: { kind: Deployment, name: php-apache }, maxReplicas: 4 }
---
`;
    assert.deepEqual(readHpa(text), { by: "hpa", max: 4, target: { cpu: 0.8 } });
  });

  it("takes an object's value for a queue in all", () => {
    const text = manifest
      .replace("type: External", "type: Object")
      .replace("external:", "object:\n        describedObject: { apiVersion: v1, kind: Service, name: queue }")
      .replace("{ type: AverageValue, averageValue: 30 }", "{ type: Value, value: 2k }");
    assert.deepEqual((readHpa(text, { metrics }) as { target?: object }).target, {
      cpu: 0.5,
      cores: 0.5,
      rate: "1000rps",
      queue: { of: jobs, value: 2000 },
    });
  });

  it("names a field that it does not know, and never passes over it", () => {
    refused(
      "maxReplicas:",
      "maximumReplicas:",
      /^spec\.maximumReplicas is not a setting of a HorizontalPodAutoscaler's spec: it has/,
    );
    refused(
      "averageUtilization: 50",
      "averageUtilisation: 50",
      /^spec\.metrics\[0\]\.resource\.target\.averageUtilisation is not a setting of a target/,
    );
    refused(
      "selectPolicy: Min",
      "selectPolicies: Min",
      /^spec\.behavior\.scaleDown\.selectPolicies is not a setting of scaling rules/,
    );
    refused("status:", "statuses:", /^statuses is not a setting of a HorizontalPodAutoscaler/);
  });

  it("names a value that it cannot have, and what would be right", () => {
    refused("maxReplicas: 10", "maxReplicas: ten", /^spec\.maxReplicas is "ten": write a whole number from 1/);
    refused("  maxReplicas: 10\n", "", /^spec\.maxReplicas is missing/);
    refused("selectPolicy: Min", "selectPolicy: min", /selectPolicy is "min": it can be "Max", "Min", "Disabled"/);
    refused("periodSeconds: 60", "periodSeconds: 1801", /periodSeconds is 1801: write a whole number from 1 to 1800/);
    refused("averageValue: 1k", "averageValue: 1kk", /averageValue is "1kk": a quantity of more than 0 is expected/);
    refused(
      "averageValue: 1k",
      "averageValue: [1]",
      /averageValue is a list: a quantity is a number from 0 to 1000000000000000, or text/,
    );
    refused("averageValue: 30 }", "value: 30 }", /target\.averageValue is missing: type AverageValue needs it/);
    refused(
      "averageUtilization: 50",
      "averageUtilization: 150",
      /averageUtilization is 150: the cores of a replica are its request/,
    );
    refused("autoscaling/v2", "autoscaling/v1", /^apiVersion is "autoscaling\/v1": autoscaling\/v2 is read/);
    refused(
      "kind: HorizontalPodAutoscaler",
      "kind: Deployment",
      /^kind is "Deployment": HorizontalPodAutoscaler is expected/,
    );
  });

  it("refuses a metric that no model has, or whose meaning it is not told", () => {
    refused("name: cpu", "name: memory", /spec\.metrics\[0\]\.resource\.name is "memory": a model knows no memory/);
    refused("", "", /metric\.name is "packets-per-second", which no model has: say what it is/, {});
    refused("", "", /"queue_messages_ready", which is of no pod: a queue can be read, not "rate"/, {
      metrics: { ...metrics, queue_messages_ready: "rate" },
    });
    refused("", "", /"packets-per-second", of each pod: "rate" or "concurrency" can be read, not a queue/, {
      metrics: { ...metrics, "packets-per-second": jobs },
    });
  });

  it("refuses text that is no YAML, or none at all", () => {
    for (const [text, message] of [
      ["a: b: c", /^the manifest is no YAML/],
      ["", /is empty|is nothing/],
      ["- 1", /^the manifest is a list: an object is expected/],
      [`${manifest}---${manifest}`, /^kind is HorizontalPodAutoscaler in 2 documents: one is expected/],
      ["x".repeat(1_000_001), /has 1000001 characters/],
    ] as const)
      assert.throws(
        () => readHpa(text, { metrics }),
        (error) => {
          assert.ok(error instanceof ArchitechError && error.code === "manifest-invalid", String(error));
          assert.match(error.message, message);
          return true;
        },
      );
  });
});
