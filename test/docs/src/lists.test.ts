import assert from "node:assert/strict";
import {
  breaker,
  cache,
  concurrency,
  cpu,
  database,
  gateway,
  job,
  limiter,
  log,
  metricsOf,
  model,
  queue,
  retryBudget,
  semaphore,
  service,
  topic,
  worker,
} from "architech";
import * as marks from "../../../lib/architech/dist/chart/marks.js";
import { limits } from "../../../lib/architech/dist/model/shape.js";
import { planRun } from "../../../lib/architech/dist/run/plan.js";
import { sectionOf, tableRowsOf } from "./markdown.js";
import { page } from "./pages.js";

const charts = page("docs/guide/charts.md").text;
const modeling = page("docs/guide/modeling.md").text;
const runs = page("docs/guide/runs.md").text;

/** A model with a node of every kind. */
const orders = database({ connections: 1, read: "1ms", write: "1ms" });
const emails = queue();
const api = service({ ops: { browse: [cpu("1ms")] } });
const shop = model(
  {
    api,
    orders,
    emails,
    edge: gateway({ to: [api] }),
    sessions: cache({ get: "1ms", hitRatio: 1 }),
    mailer: worker({ takes: emails, work: "1ms" }),
    sold: log({ partitions: 1 }),
    news: topic({ to: [emails] }),
    nightly: job({ every: "1h", steps: [cpu("1ms")] }),
    quota: limiter({ rate: "1rps" }),
    fuse: breaker({ openFor: "1s" }),
    pool: semaphore({ permits: 1 }),
    gate: concurrency({ algorithm: "aimd" }),
    budget: retryBudget({ ratio: 0.1 }),
  },
  { to: api, rate: "1rps" },
).toJSON();

/** The rows of a section's tables by their first cell. */
const rowsOf = (text: string, section: string): Map<string, string[]> =>
  new Map(tableRowsOf(sectionOf(text, section) ?? "").map(([first = "", ...rest]) => [first, rest]));

/** A whole number as the pages write it. */
const written = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, " ");

describe("lists", () => {
  it("the page of charts has every mark", () => {
    const line = /^Marks: (.*)\.$/m.exec(charts)?.[1] ?? "";
    assert.deepEqual(
      line.split(", "),
      Object.keys(marks)
        .sort((a, b) => a.localeCompare(b))
        .map((name) => `\`${name}\``),
    );
  });

  it("the page of runs has every metric", () => {
    const named = tableRowsOf(sectionOf(runs, "Metrics") ?? "").flatMap(([names = ""]) => {
      const [first = "", ...others] = [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      const stem = first.split(".")[0] ?? "";
      return [first, ...others.map((name) => (name.startsWith(".") ? stem + name : name))];
    });
    assert.deepEqual([...new Set(named)].sort(), [...new Set(metricsOf(shop).map(({ quantity }) => quantity))].sort());
  });

  it("the page of modeling has the bounds of a document", () => {
    const rows = rowsOf(modeling, "The document");
    const bound = (first: string): string | undefined => [...rows].find(([name]) => name.startsWith(first))?.[1][0];
    assert.equal(bound("nodes"), written(limits.nodes));
    assert.equal(bound("operations"), written(limits.ops));
    assert.equal(bound("steps in all"), written(limits.steps));
    assert.equal(bound("steps inside"), `${limits.depth} deep`);
    assert.equal(bound("branches"), written(limits.items));
    assert.equal(bound("replicas"), written(limits.count));
  });

  it("the page of runs has the bounds of a task", async () => {
    const options = { until: "1s" };
    const plan = await planRun({ version: 1, kind: "run", model: shop, points: [{ key: {}, change: {} }], options });
    const { maxEvents, maxWallMs, maxInside } = plan.options.bounds;
    const [, values = ""] = rowsOf(runs, "Options").get("`bounds`") ?? [];
    const number = (text: string): number => {
      const [, factor = "", power = ""] = /^(\d+)·10(.)$/.exec(text) ?? [];
      return power === "" ? Number(text.replaceAll(" ", "")) : Number(factor) * 10 ** "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(power);
    };
    assert.deepEqual(values.split(", ").map(number), [maxEvents, maxWallMs, maxInside]);
  });
});
