import { stringify } from "yaml";
import { ruleGroups } from "./alerts.js";

/** How often every process is looked at. */
export const scrapeInterval = "15s";

/** Where a Prometheus finds the processes, and by what it is let in. */
export interface Scrape {
  /** How often it looks at each and at the rules: `15s`. */
  readonly interval: string;
  /** A file with the cluster's token. */
  readonly tokenFile: string;
  readonly rulesFile: string;
  /** Addresses with their roles, or names that stand for all processes of a role. */
  readonly targets:
    | { readonly addresses: readonly { readonly role: string; readonly address: string }[] }
    | { readonly names: readonly string[]; readonly port: number };
}

/** The configuration of a Prometheus that looks at all processes. A worker asks for no token, and takes one. */
export function prometheusConfig({ interval, tokenFile, rulesFile, targets }: Scrape): string {
  const found =
    "addresses" in targets
      ? { static_configs: targets.addresses.map(({ role, address }) => ({ targets: [address], labels: { role } })) }
      : {
          dns_sd_configs: [{ names: targets.names, type: "A", port: targets.port, refresh_interval: interval }],
          relabel_configs: [{ source_labels: ["__meta_dns_name"], target_label: "role" }],
        };
  return stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: [rulesFile],
    scrape_configs: [
      {
        job_name: "architech",
        authorization: { type: "token", credentials_file: tokenFile },
        ...found,
      },
    ],
  });
}

/** The rules as a file of Prometheus. */
export const rulesFile = (pace = 1): string => stringify({ groups: ruleGroups(pace) }, { lineWidth: 0 });

/** Where the token is in the container of Prometheus: in memory, written as it starts. */
const tokenFile = "/run/architech/token";

/** The configuration and the rules of the Prometheus of `deploy/compose.yaml`, by the names of files. */
export const prometheusFiles = (): ReadonlyMap<string, string> =>
  new Map([
    [
      "prometheus.yaml",
      prometheusConfig({
        interval: scrapeInterval,
        tokenFile,
        rulesFile: "rules.yaml",
        targets: { names: ["gateway", "documents", "kernels", "runs", "worker"], port: 8888 },
      }),
    ],
    ["rules.yaml", rulesFile()],
  ]);
