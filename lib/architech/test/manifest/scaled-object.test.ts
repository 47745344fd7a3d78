import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { readScaledObject, type ScaledObjectOptions } from "architech";

/** In the shape of the documentation's specification of a ScaledObject. */
const manifest = `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: kafka-scaledobject
  annotations: { scaledobject.keda.sh/transfer-hpa-ownership: "true" }
spec:
  scaleTargetRef:
    name: consumer
  pollingInterval: 15
  cooldownPeriod: 200
  initialCooldownPeriod: 60
  idleReplicaCount: 0
  minReplicaCount: 1
  maxReplicaCount: 50
  fallback: { failureThreshold: 3, replicas: 6 }
  advanced:
    restoreToOriginalReplicaCount: true
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: 120
          policies:
            - { type: Percent, value: 100, periodSeconds: 15 }
  triggers:
    - type: kafka
      metadata:
        bootstrapServers: kafka.svc:9092
        consumerGroup: my-group
        topic: test-topic
        lagThreshold: "50"
        activationLagThreshold: "3"
`;

const trigger = (text: string): string => `${manifest.slice(0, manifest.indexOf("  triggers:"))}  triggers:\n${text}`;

function refused(text: string, message: RegExp, options: ScaledObjectOptions = {}): void {
  assert.throws(
    () => readScaledObject(text, options),
    (error) => {
      assert.ok(error instanceof ArchitechError, String(error));
      assert.equal(error.code, "manifest-invalid", error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe("readScaledObject()", () => {
  it("reads a manifest of keda.sh/v1alpha1 as keda() has it", () => {
    assert.deepEqual(readScaledObject(manifest, { startup: "5s" }), {
      by: "keda",
      min: 1,
      max: 50,
      idle: 0,
      polling: "15s",
      cooldown: "200s",
      initialCooldown: "60s",
      down: { stabilization: "120s", policies: [{ percent: 100, period: "15s" }] },
      lag: 50,
      activation: 3,
      startup: "5s",
    });
  });

  const read = (text: string, options: ScaledObjectOptions = {}): object => {
    const { by, min, max, idle, polling, cooldown, initialCooldown, down, ...aims } = readScaledObject(
      trigger(text),
      options,
    ) as unknown as Record<string, unknown>;
    return aims;
  };

  it("knows what messages in work are to each kind of queue, and their defaults", () => {
    const rabbit =
      '    - { type: rabbitmq, metadata: { mode: QueueLength, value: "20", queueName: q, excludeUnacknowledged: "true" } }';
    assert.deepEqual(read(rabbit), { lag: 20, inFlight: false });
    const sqs = '    - { type: aws-sqs-queue, metadata: { queueURL: q, awsRegion: eu, scaleOnInFlight: "true" } }';
    assert.deepEqual(read(sqs), { lag: 5, inFlight: true });
  });

  it("takes busy cores beside a queue, and a query for what it is said to count", () => {
    const two = `    - { type: cpu, metricType: Utilization, metadata: { value: "60" } }
    - { type: prometheus, metadata: { serverAddress: p, query: "sum(x)", threshold: "100.5" } }`;
    assert.deepEqual(read(two, { prometheus: "concurrency" }), { cpu: 0.6, concurrency: 100.5 });
    refused(trigger(two), /^spec\.triggers\[1\]\.type is "prometheus", which could count anything: say what/);
  });

  it("names a field that it does not know, and never passes over it", () => {
    refused(
      manifest.replace("cooldownPeriod", "coolDownPeriod"),
      /^spec\.coolDownPeriod is not a setting of a ScaledObject's spec/,
    );
    refused(
      manifest.replace("lagThreshold", "lagTreshold"),
      /^spec\.triggers\[0\]\.metadata\.lagTreshold is not a setting of the metadata of a kafka trigger/,
    );
    refused(
      manifest.replace("restoreTo", "scalingModifiers: {}\n    restoreTo"),
      /^spec\.advanced\.scalingModifiers is not a setting/,
    );
  });

  it("names a value that it cannot have, and a trigger that no model has", () => {
    refused(manifest.replace('"50"', "50"), /lagThreshold is 50: text is expected/);
    refused(manifest.replace('"50"', '"many"'), /lagThreshold is "many": a number of 0 or more is expected, in quotes/);
    refused(
      manifest.replace("maxReplicaCount: 50", "maxReplicaCount: 0"),
      /maxReplicaCount is 0: write a whole number from 1/,
    );
    refused(trigger("    - { type: cron, metadata: {} }"), /^spec\.triggers\[0\]\.type is "cron": it can be "kafka", /);
    refused(
      trigger('    - { type: rabbitmq, metadata: { mode: MessageRate, value: "5" } }'),
      /mode is "MessageRate": it can be "QueueLength"/,
    );
    refused(
      trigger("    - { type: kafka, metricType: Value, metadata: {} }"),
      /metricType is "Value": it can be "AverageValue"/,
    );
    refused(trigger('    - { type: cpu, metadata: { value: "150" } }'), /value is "150": write a percentage/);
    refused(
      trigger("    - { type: kafka, metadata: {} }\n    - { type: redis-lists, metadata: {} }"),
      /^spec\.triggers\[1\] is a second trigger that sets lag/,
    );
    refused(
      manifest.replace("transfer-hpa-ownership", "x").replace("scaledobject.keda.sh/x", "autoscaling.keda.sh/paused"),
      /pauses scaling/,
    );
    refused(manifest.replace("ScaledObject", "ScaledJob"), /^kind is "ScaledJob": ScaledObject is expected/);
  });
});
