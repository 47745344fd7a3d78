/** What differs from one installation to another. */
export interface Settings {
  /** The image of every role, with its tag. */
  readonly image: string;
  readonly namespace: string;
  /** The name under which browsers reach the gateway. */
  readonly host: string;
  /** What leads to the gateway: a Gateway API route, an Ingress, or nothing of ours. */
  readonly entry: "route" | "ingress" | "none";
  /** Namespace and name of the Gateway that the route hangs on. */
  readonly gateway: { readonly namespace: string; readonly name: string };
  readonly ingressClass: string;
  /** Whether Prometheus is there as its operator installs it: then it is told of the pods, the alerts and the dashboards. */
  readonly monitoring: "operator" | "none";
  /** Where traces are sent: a collector of OpenTelemetry in the namespace of `monitoring`, `http://host:4318`. Nowhere by default. */
  readonly traces?: string;
  /** Namespaces of what the roles use, and of what leads to them. */
  readonly namespaces: {
    readonly entry: string;
    readonly keda: string;
    readonly mongodb: string;
    readonly monitoring: string;
    readonly nats: string;
  };
}

export const defaults: Settings = {
  image: "architech:0.1.0",
  namespace: "architech",
  host: "architech.example.com",
  entry: "route",
  gateway: { namespace: "gateway", name: "public" },
  ingressClass: "nginx",
  monitoring: "operator",
  namespaces: { entry: "gateway", keda: "keda", mongodb: "mongodb", monitoring: "monitoring", nats: "nats" },
};
