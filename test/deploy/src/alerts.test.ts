import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { alerts } from "../../../deploy/build/seeing/alerts.js";
import { prometheusFiles, rulesFile } from "../../../deploy/build/seeing/prometheus.js";
import { alertCases } from "./alert-cases.js";
import { needsPrometheus, tool, withFiles } from "./prometheus.js";

describe("alerts", () => {
  before(async function () {
    needsPrometheus(this);
  });

  it("are rules that promtool accepts, at any pace, and a misspelt function is not", async () => {
    for (const pace of [1, 1 / 60, 1 / 7])
      await withFiles({ "rules.yaml": rulesFile(pace) }, async (folder) => {
        const { code, text } = await tool("promtool", ["check", "rules", join(folder, "rules.yaml")]);
        assert.equal(code, 0, text);
      });
    await withFiles({ "rules.yaml": rulesFile().replace("increase(", "incraese(") }, async (folder) =>
      assert.notEqual((await tool("promtool", ["check", "rules", join(folder, "rules.yaml")])).code, 0),
    );
  });

  it("are in a configuration that promtool accepts", () =>
    withFiles({ ...Object.fromEntries(prometheusFiles()), token: "x" }, async (folder) => {
      const file = join(folder, "prometheus.yaml");
      const config = await readFile(file, "utf8");
      await writeFile(file, config.replace("/run/architech/token", "token"));
      const { code, text } = await tool("promtool", ["check", "config", file]);
      assert.equal(code, 0, text);
    }));

  it("have names of their own, and each a case in which it fires and one in which it does not", () => {
    const names = alerts().map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) {
      const cases = alertCases.filter(({ alert }) => alert === name);
      assert.ok(
        cases.some(({ fires }) => fires !== undefined),
        `${name} never fires`,
      );
      assert.ok(
        cases.some(({ fires }) => fires === undefined),
        `${name} is never silent`,
      );
    }
    for (const { alert } of alertCases) assert.ok(names.includes(alert), `there is no ${alert}`);
  });

  it("fire in the cases in which they should, with the words that they should have, and in no other", () =>
    withFiles({ "rules.yaml": rulesFile(), "cases.yaml": casesFile(alertCases) }, async (folder) => {
      const { code, text } = await tool("promtool", ["test", "rules", join(folder, "cases.yaml")]);
      assert.equal(code, 0, text);
    }));

  it("are found out where a case expects what they do not do", async () => {
    const turned = alertCases.slice(0, 1).map(({ fires: _, ...one }) => one);
    await withFiles({ "rules.yaml": rulesFile(), "cases.yaml": casesFile(turned) }, async (folder) =>
      assert.notEqual((await tool("promtool", ["test", "rules", join(folder, "cases.yaml")])).code, 0),
    );
  });
});

function casesFile(cases: typeof alertCases): string {
  const known = new Map(alerts().map((alert) => [alert.name, alert]));
  return stringify({
    rule_files: ["rules.yaml"],
    evaluation_interval: "1m",
    tests: cases.map(({ alert, series, at, fires }) => ({
      interval: "1m",
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: [
        {
          eval_time: at,
          alertname: alert,
          exp_alerts:
            fires === undefined
              ? []
              : [
                  {
                    exp_labels: { severity: known.get(alert)?.severity, ...fires.labels },
                    exp_annotations: { summary: fires.summary, action: known.get(alert)?.action },
                  },
                ],
        },
      ],
    })),
  });
}
