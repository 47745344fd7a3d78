import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { dashboards } from "../../../deploy/build/seeing/dashboards.js";
import { grafanaFiles, provisioning } from "../../../deploy/build/seeing/grafana.js";
import { prometheusFiles } from "../../../deploy/build/seeing/prometheus.js";
import { withFiles } from "./prometheus.js";

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: unknown };
  readonly deploy?: { readonly resources?: { readonly limits?: object }; readonly replicas?: number };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly networks?: readonly string[];
  readonly profiles?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[];
}

const text = readFileSync(fileURLToPath(new URL("../../../deploy/compose.yaml", import.meta.url)), "utf8");
const read = (): { services: Record<string, Service> } & Record<string, unknown> => parse(text, { merge: true });
const { services } = read();

// The schema of the Compose Specification, in the package of a linter.
const schemaFile = join(
  dirname(createRequire(import.meta.url).resolve("dclint/package.json")),
  "schemas/compose.schema.json",
);
const { $schema, ...schema } = JSON.parse(readFileSync(schemaFile, "utf8"));
void $schema;
const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

describe("compose.yaml", () => {
  it("is what the Compose Specification's schema accepts, and a misspelt setting is not", () => {
    assert.equal(validate(read()), true, JSON.stringify(validate.errors));
    const wrong = read();
    Object.assign(wrong.services["gateway"]!, { read_onyl: true });
    assert.equal(validate(wrong), false);
  });

  it("has the roles of a cluster and what they stand on", () => {
    const always = Object.keys(services).filter((name) => services[name]!.profiles === undefined);
    assert.deepEqual(always, ["nats", "mongo", "gateway", "documents", "kernels", "runs", "worker"]);
    assert.equal(services["worker"]?.deploy?.replicas, 2);
  });

  it("publishes the ports of the gateway and of Grafana alone, to this machine alone", () => {
    const ports = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    assert.deepEqual(ports, ["gateway 127.0.0.1:8888:8888", "grafana 127.0.0.1:3000:3000"]);
  });

  for (const [name, service] of Object.entries(services))
    it(`holds ${name} within limits, without rights`, () => {
      assert.equal(service.read_only, true);
      assert.deepEqual(service.cap_drop, ["ALL"]);
      assert.deepEqual(service.security_opt, ["no-new-privileges:true"]);
      assert.deepEqual(Object.keys(service.deploy?.resources?.limits ?? {}), ["cpus", "memory"]);
      // The image has its own; nobody switches it off.
      assert.equal(service.healthcheck?.disable, undefined);
      for (const other of Object.keys(service.depends_on ?? {})) assert.ok(other in services, other);
    });

  it("says no secret", () => assert.doesNotMatch(text, /ARCHITECH_TOKEN: (?!\$\{ARCHITECH_TOKEN:\?)/));
});

describe("the profile seeing of compose.yaml", () => {
  const mounted = (name: string) => services[name]!.volumes!.find((it) => typeof it !== "string")!;
  const [shell, flag, script] = services["prometheus"]!.entrypoint!;
  const command = services["prometheus"]!.command!;

  it("has Prometheus and Grafana, and mounts what `npm run manifests` writes for them", () => {
    const seeing = Object.keys(services).filter((name) => services[name]!.profiles?.includes("seeing"));
    assert.deepEqual(seeing, ["prometheus", "grafana"]);
    const prometheus = mounted("prometheus");
    assert.deepEqual(prometheus, { ...prometheus, source: "./build/kubernetes/monitoring/prometheus" });
    const config = command.find((it) => it.startsWith("--config.file="))!.slice("--config.file=".length);
    assert.equal(dirname(config), prometheus.target);
    assert.ok(prometheusFiles().has(basename(config)));
    const grafana = mounted("grafana");
    assert.deepEqual([grafana.source, grafana.target], ["./build/kubernetes/monitoring/grafana", provisioning]);
  });

  it("has Prometheus look at every role, and Grafana at Prometheus", () => {
    const { scrape_configs } = parse(prometheusFiles().get("prometheus.yaml")!) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const [{ names, port }] = scrape_configs[0]!.dns_sd_configs as [{ names: string[]; port: number }];
    const roles = Object.keys(services).filter((name) => services[name]!.command?.includes("--port"));
    assert.deepEqual(names, roles);
    for (const name of names) {
      const { command } = services[name]!;
      assert.equal(command![command!.indexOf("--port") + 1], String(port), name);
    }
    const { datasources } = parse(grafanaFiles().get("datasources/prometheus.yaml")!) as {
      datasources: { url: string }[];
    };
    assert.ok(new URL(datasources[0]!.url).hostname in services);
    assert.ok(services["grafana"]!.networks!.includes("inside"));
  });

  it("gives Grafana a folder with all dashboards", () => {
    const { providers } = parse(grafanaFiles().get("dashboards/architech.yaml")!) as {
      providers: { options: { path: string } }[];
    };
    const folder = providers[0]!.options.path.slice(provisioning.length + 1);
    const found = [...grafanaFiles()].filter(([name]) => name.startsWith(`${folder}/`) && name.endsWith(".json"));
    assert.deepEqual(
      found.map(([, text]) => JSON.parse(text).title),
      dashboards().map(({ title }) => title),
    );
  });

  it("lets nobody log in to Grafana, and whoever comes look", () => {
    const { environment = {} } = services["grafana"]!;
    assert.equal(environment["GF_AUTH_ANONYMOUS_ORG_ROLE"], "Viewer");
    assert.equal(environment["GF_AUTH_BASIC_ENABLED"], "false");
    assert.equal(environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"], "true");
  });

  it("lets Grafana replace no plugin, which its read-only root would not take", () => {
    assert.equal(services["grafana"]!.read_only, true);
    assert.equal(services["grafana"]!.environment?.["GF_PLUGINS_PREINSTALL_DISABLED"], "true");
  });

  it("starts Prometheus with the token where its configuration reads it, in memory", () =>
    withFiles({}, async (folder) => {
      const { scrape_configs } = parse(prometheusFiles().get("prometheus.yaml")!) as {
        scrape_configs: { authorization: { credentials_file: string } }[];
      };
      const file = scrape_configs[0]!.authorization.credentials_file;
      assert.ok(services["prometheus"]!.tmpfs!.some((it) => it.startsWith(`${dirname(file)}:`)));
      const there = join(folder, "token");
      // As Compose reads it: `$$` is a dollar.
      const run = script!.replaceAll("$$", "$").replace(file, there);
      assert.notEqual(run, script!.replaceAll("$$", "$"));
      const env = { PATH: process.env["PATH"], ARCHITECH_TOKEN: "a 'secret' of %s" };
      const said = execFileSync(shell!, [flag!, run, "/bin/echo", ...command.slice(1)], { env, encoding: "utf8" });
      assert.equal(said.trim(), command.slice(1).join(" "));
      assert.equal(readFileSync(there, "utf8"), env.ARCHITECH_TOKEN);
      assert.equal(statSync(there).mode & 0o777, 0o600);
    }));
});
