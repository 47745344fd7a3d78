import type { IHTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import type { IIngress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { labelsOf, nameOf } from "./labels.js";
import { port } from "./roles.js";
import type { Settings } from "./settings.js";

/** A route of the Gateway API to the gateway role. */
export const httpRoute = ({ namespace, host, gateway }: Settings): IHTTPRoute => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "architech", namespace, labels: labelsOf("gateway") },
  spec: {
    parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", ...gateway }],
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: [{ group: "", kind: "Service", name: nameOf("gateway"), port, weight: 1 }],
      },
    ],
  },
});

/** The same for a cluster without the Gateway API. Its TLS secret is made by whoever runs the cluster. */
export const ingress = ({ namespace, host, ingressClass }: Settings): IIngress => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "architech", namespace, labels: labelsOf("gateway") },
  spec: {
    ingressClassName: ingressClass,
    tls: [{ hosts: [host], secretName: "architech-tls" }],
    rules: [
      {
        host,
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: nameOf("gateway"), port: { name: "http" } } },
            },
          ],
        },
      },
    ],
  },
});
