import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const text = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");

describe("settings of services", () => {
  it("let the user of MongoDB write to the database that the URL of its operator names", () => {
    const { spec } = parse(text("deploy/services/mongodb.yaml")) as {
      spec: { users: { db: string; roles: { name: string; db: string }[] }[] };
    };
    // The operator writes `mongodb://user:password@hosts/DB`, with the database that the user is kept in.
    for (const { db, roles } of spec.users) assert.deepEqual(roles, [{ name: "readWrite", db }]);
  });

  it("are of charts whose versions the guide says, major and minor", () => {
    const charts = [...text("docs/guide/deploy.md").matchAll(/helm install \S+ (\S+) (?:--version "(\S+)")?/g)];
    assert.equal(charts.length, 4);
    for (const [, chart, version] of charts) assert.match(version ?? "", /^~\d+\.\d+$/, chart);
  });
});
