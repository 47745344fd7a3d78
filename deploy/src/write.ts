// npm run manifests: writes the manifests of an installation.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { manifests } from "./manifests.js";
import { grafanaFiles } from "./seeing/grafana.js";
import { prometheusFiles } from "./seeing/prometheus.js";
import { defaults, type Settings } from "./settings.js";

const help = `npm run manifests -- [OPTIONS]

  --out FOLDER          where they are written (default deploy/build/kubernetes); what is there goes
  --image IMAGE         default ${defaults.image}
  --host NAME           under which browsers reach it (default ${defaults.host})
  --namespace NAME      default ${defaults.namespace}
  --entry KIND          route (default), ingress or none
  --gateway NS/NAME     the Gateway of the route (default ${defaults.gateway.namespace}/${defaults.gateway.name})
  --ingress-class NAME  default ${defaults.ingressClass}
  --monitoring KIND     operator (default: Prometheus as its operator installs it) or none
  --traces URL          where traces are sent: a collector in the namespace of monitoring,
                        http://host:4318 (default: nowhere)
  --entry-namespace, --keda-namespace, --mongodb-namespace, --monitoring-namespace, --nats-namespace NAME
                        where those are (default gateway, keda, mongodb, monitoring, nats)

The folder monitoring in it is what the Prometheus and the Grafana of deploy/compose.yaml read.
`;

const name = { type: "string" } as const;

function settingsOf(argv: string[]): { settings: Settings; out: string } | undefined {
  const { values } = parseArgs({
    args: argv,
    options: {
      help: { type: "boolean", default: false },
      out: { type: "string", default: fileURLToPath(new URL("kubernetes", import.meta.url)) },
      image: { type: "string", default: defaults.image },
      host: { type: "string", default: defaults.host },
      namespace: { type: "string", default: defaults.namespace },
      entry: { type: "string", default: defaults.entry },
      gateway: { type: "string", default: `${defaults.gateway.namespace}/${defaults.gateway.name}` },
      "ingress-class": { type: "string", default: defaults.ingressClass },
      traces: name,
      monitoring: { type: "string", default: defaults.monitoring },
      "entry-namespace": name,
      "keda-namespace": name,
      "mongodb-namespace": name,
      "monitoring-namespace": name,
      "nats-namespace": name,
    },
  });
  if (values.help) return undefined;
  const { image, host, namespace, entry, "ingress-class": ingressClass } = values;
  if (entry !== "route" && entry !== "ingress" && entry !== "none")
    throw new Error(`--entry ${entry}: route, ingress or none is expected`);
  const { monitoring } = values;
  if (monitoring !== "operator" && monitoring !== "none")
    throw new Error(`--monitoring ${monitoring}: operator or none is expected`);
  const { traces } = values;
  if (traces !== undefined && !(URL.canParse(traces) && new URL(traces).protocol === "http:"))
    throw new Error(`--traces ${traces}: http://host:4318 is expected`);
  const [gatewayNamespace, gatewayName, ...more] = values.gateway.split("/");
  if (!gatewayNamespace || !gatewayName || more.length > 0)
    throw new Error(`--gateway ${values.gateway}: NAMESPACE/NAME is expected`);
  const { namespaces } = defaults;
  return {
    out: resolve(values.out),
    settings: {
      image,
      host,
      namespace,
      entry,
      gateway: { namespace: gatewayNamespace, name: gatewayName },
      ingressClass,
      monitoring,
      ...(traces === undefined ? {} : { traces }),
      namespaces: {
        entry: values["entry-namespace"] ?? gatewayNamespace,
        keda: values["keda-namespace"] ?? namespaces.keda,
        mongodb: values["mongodb-namespace"] ?? namespaces.mongodb,
        monitoring: values["monitoring-namespace"] ?? namespaces.monitoring,
        nats: values["nats-namespace"] ?? namespaces.nats,
      },
    },
  };
}

function write(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

try {
  const wanted = settingsOf(process.argv.slice(2));
  if (wanted === undefined) process.stdout.write(help);
  else {
    rmSync(join(wanted.out), { recursive: true, force: true });
    write(wanted.out, manifests(wanted.settings));
    write(join(wanted.out, "monitoring", "prometheus"), prometheusFiles());
    write(join(wanted.out, "monitoring", "grafana"), grafanaFiles());
    process.stdout.write(`The manifests are in ${wanted.out}: kubectl apply -k ${wanted.out}\n`);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
