import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

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
    assert.deepEqual(Object.keys(services), ["nats", "mongo", "gateway", "documents", "kernels", "runs", "worker"]);
    assert.equal(services["worker"]?.deploy?.replicas, 2);
  });

  it("publishes the gateway's port alone, to this machine alone", () => {
    const ports = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    assert.deepEqual(ports, ["gateway 127.0.0.1:8888:8888"]);
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
