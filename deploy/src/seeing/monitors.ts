import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import { labelsOf } from "../labels.js";
import { secretName } from "../pods.js";
import type { Settings } from "../settings.js";
import { ruleGroups } from "./alerts.js";
import { dashboardFiles } from "./grafana.js";
import { scrapeInterval } from "./prometheus.js";

/** What Prometheus, as its operator installs it, and Grafana are to know: all pods, the rules, the dashboards. */
export const monitoring = ({ namespace }: Settings): (IPodMonitor | IPrometheusRule | IConfigMap)[] => [
  // Pods and not services: workers have none.
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "architech", namespace, labels: labelsOf() },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/name": "architech" } },
      podMetricsEndpoints: [
        {
          port: "http",
          path: "/metrics",
          interval: scrapeInterval,
          scrapeTimeout: "10s",
          authorization: { type: "token", credentials: { name: secretName, key: "ARCHITECH_TOKEN" } },
          relabelings: [
            { targetLabel: "job", replacement: "architech" },
            { sourceLabels: ["__meta_kubernetes_pod_label_app_kubernetes_io_component"], targetLabel: "role" },
            { sourceLabels: ["__meta_kubernetes_pod_name"], targetLabel: "instance" },
          ],
        },
      ],
    },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "architech", namespace, labels: labelsOf() },
    spec: { groups: ruleGroups().map(({ rules, ...group }) => ({ ...group, rules: [...rules] })) },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    // The label by which Grafana's side-car finds dashboards.
    metadata: { name: "architech-dashboards", namespace, labels: { ...labelsOf(), grafana_dashboard: "1" } },
    data: Object.fromEntries(dashboardFiles()),
  },
];
