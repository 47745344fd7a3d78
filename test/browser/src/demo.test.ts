import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { charts, countDrawings, drawing, untilFinished } from "./charts.js";
import { chartsIn, keptOutputs } from "./documents.js";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { endSessions, type Stage, stage } from "./stage.js";

const demo = "Demos/first-what-if.ipynb";

describe("the first demo", () => {
  let on: Stage;
  let context: BrowserContext;
  let lab: LabPage;
  let finished: string;
  before(async function () {
    on = await stage(this);
    context = await on.visitor();
    context.setDefaultTimeout(240_000);
    lab = await LabPage.open(context, on.lab, demo);
  });
  after(() => context && on.leave(context));

  it("draws its chart at least five times while the sweep goes on, and then finishes it", async () => {
    await lab.untilIdle();
    await lab.menu("Edit", "Clear Outputs of All Cells");
    await lab.runAll();
    const chart = charts(lab.page).first();
    await chart.waitFor();
    const drawings = await countDrawings(chart);
    await chart.locator(".architech-Chart-progress").waitFor();
    await chart.locator("[aria-label='line'] path").first().waitFor();
    await chart.scrollIntoViewIfNeeded();
    await lab.page.screenshot({ path: shot("demo-live") });
    await untilFinished(chart);
    const count = await drawings();
    assert.ok(count >= 5, `${count} different drawings while the run went on`);
    await lab.untilIdle();
    await untilFinished(charts(lab.page).nth(1));
    finished = await drawing(chart);
    await lab.page.screenshot({ path: shot("demo-finished") });
  });

  it("keeps its charts and their rows in the notebook", async () => {
    await lab.save();
    const kept = chartsIn(await keptOutputs(join(on.lab.documents, demo)));
    assert.equal(kept.length, 2);
    for (const { state, rows, svg } of kept) {
      assert.equal(state, "done");
      assert.equal(rows.length, 28);
      assert.match(svg, /^<svg[\s\S]*<\/svg>$/);
    }
  });

  it("shows them after a reload, when the kernel has been shut down and the runs deleted", async () => {
    await endSessions(on.lab);
    const { runs } = (await on.lab.request("GET", "api/runs")) as { runs: { id: string }[] };
    assert.ok(runs.length >= 2);
    for (const { id } of runs) await on.lab.request("DELETE", `api/runs/${id}`);
    await lab.go(demo);
    const chart = charts(lab.page).first();
    await untilFinished(chart);
    assert.equal(await drawing(chart), finished);
    await chart.scrollIntoViewIfNeeded();
    await lab.page.screenshot({ path: shot("demo-reloaded") });
  });

  it("leaves nothing in the console, and asks for nothing outside", () => lab.watch.assertQuiet());
});
