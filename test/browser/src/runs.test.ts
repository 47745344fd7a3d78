import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { charts, untilFinished } from "./charts.js";
import { chartsIn, keptOutputs, writeNotebook } from "./documents.js";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { shopCell, sweepCell, sweepPoints } from "./shop.js";
import { type Stage, stage } from "./stage.js";

describe("a run", () => {
  let on: Stage;
  let context: BrowserContext;
  before(async function () {
    on = await stage(this);
    context = await on.visitor();
    context.setDefaultTimeout(120_000);
  });
  after(() => context && on.leave(context));

  const statesOfRuns = async (): Promise<string[]> =>
    ((await on.lab.request("GET", "api/runs")) as { runs: { state: string }[] }).runs.map(({ state }) => state);

  it("is cancelled by the button below its chart, which keeps what had come", async () => {
    const endless = sweepCell({ until: "100000h", runs: 2, seed: 1 });
    await writeNotebook(on.lab.documents, "cancel.ipynb", [shopCell, endless]);
    const lab = await LabPage.open(context, on.lab, "cancel.ipynb");
    await lab.untilIdle();
    await lab.runAll();
    const chart = charts(lab.page);
    await chart.locator(".architech-Chart-progress").waitFor();
    await chart.getByRole("button", { name: "Cancel" }).click();
    await chart.getByText("cancelled: shown is what had come until then").waitFor();
    await chart.getByText("no rows").waitFor();
    assert.ok((await statesOfRuns()).includes("cancelled"));
    await lab.page.screenshot({ path: shot("cancelled") });
    await lab.save();
    const [kept] = chartsIn(await keptOutputs(join(on.lab.documents, "cancel.ipynb")));
    assert.equal(kept?.state, "cancelled");
    lab.watch.assertQuiet();
    await lab.close();
  });

  it("goes on when its tab is closed, and is found complete when the notebook is opened again", async () => {
    const name = "closed.ipynb";
    await writeNotebook(on.lab.documents, name, [shopCell, sweepCell({ until: "20min", runs: 5, seed: 2 })]);
    const first = await LabPage.open(context, on.lab, name);
    await first.untilIdle();
    await first.runAll();
    await charts(first.page).locator("[aria-label='line'] path").first().waitFor();
    await first.save();
    const [kept] = chartsIn(await keptOutputs(join(on.lab.documents, name)));
    assert.equal(kept?.state, "live", "the run is still under way");

    const second = await LabPage.open(context, on.lab, name);
    await first.close();
    await untilFinished(charts(second.page));
    await second.page.screenshot({ path: shot("opened-again") });
    await second.save();
    const [complete] = chartsIn(await keptOutputs(join(on.lab.documents, name)));
    assert.equal(complete?.state, "done");
    assert.equal(complete?.rows.length, sweepPoints);
    assert.ok(complete?.rows.every(({ runs }) => runs === 5));
    second.watch.assertQuiet();
    await second.close();
  });
});
