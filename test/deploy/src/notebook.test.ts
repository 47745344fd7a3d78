import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAllDocuments, stringify } from "yaml";
import { manifests } from "../../../deploy/build/manifests.js";
import { defaults } from "../../../deploy/build/settings.js";

const file = fileURLToPath(new URL("../../../notebooks/autoscaling.ipynb", import.meta.url));
const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: { source: string | string[] }[] };
const sources = cells.map(({ source }) => (Array.isArray(source) ? source.join("") : source)).join("\n");

describe("the notebook of autoscaling", () => {
  for (const [name, kind] of [
    ["architech-gateway", "HorizontalPodAutoscaler"],
    ["architech-worker", "ScaledObject"],
  ])
    it(`has the text of the ${kind} of ${name} as it is deployed`, () => {
      const scaler = parseAllDocuments(manifests(defaults).get("scalers.yaml")!)
        .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
        .find((it) => it.kind === kind && it.metadata.name === name);
      // In a template literal.
      const text = stringify(scaler, { lineWidth: 0 }).replaceAll("$", "\\$");
      assert.ok(sources.includes(`\`\n${text}\``), `the notebook has another text than\n${text}`);
    });
});
