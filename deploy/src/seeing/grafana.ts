import { stringify } from "yaml";
import { dashboards } from "./dashboards.js";
import { scrapeInterval } from "./prometheus.js";

/** Where the container of Grafana has what is to be there when it starts. */
export const provisioning = "/etc/grafana/provisioning";

/** The dashboards as Grafana reads them, by the names of files. */
export const dashboardFiles = (): ReadonlyMap<string, string> =>
  new Map(dashboards().map((it) => [`${it.uid}.json`, `${JSON.stringify(it, null, 2)}\n`]));

/** What a Grafana is to have when it starts: where Prometheus is, and the dashboards. By paths in its folder of provisioning. */
export const grafanaFiles = (): ReadonlyMap<string, string> =>
  new Map([
    [
      "datasources/prometheus.yaml",
      stringify({
        apiVersion: 1,
        datasources: [
          {
            name: "Prometheus",
            uid: "prometheus",
            type: "prometheus",
            access: "proxy",
            url: "http://prometheus:9090",
            isDefault: true,
            editable: false,
            // What `$__rate_interval` is reckoned from.
            jsonData: { httpMethod: "POST", timeInterval: scrapeInterval },
          },
        ],
      }),
    ],
    [
      "dashboards/architech.yaml",
      stringify({
        apiVersion: 1,
        providers: [
          {
            name: "architech",
            type: "file",
            disableDeletion: true,
            allowUiUpdates: false,
            options: { path: `${provisioning}/dashboards` },
          },
        ],
      }),
    ],
    ...[...dashboardFiles()].map(([name, text]): [string, string] => [`dashboards/${name}`, text]),
  ]);
