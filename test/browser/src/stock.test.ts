import assert from "node:assert/strict";
import { join } from "node:path";
import { missing } from "@architech/test-tools";
import type { BrowserContext } from "playwright-core";
import { charts, countDrawings, untilFinished } from "./charts.js";
import { chartsIn, keptOutputs, writeNotebook } from "./documents.js";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { shopCell, sweepCell, sweepPoints } from "./shop.js";
import { sharedBrowser } from "./stage.js";
import { findPython, jupyterWanted, type StockJupyter, stockJupyter } from "./stock-jupyter.js";

const execute = `import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=120).execute()
nbformat.write(notebook, sys.argv[2])`;

describe("stock Jupyter with our kernel", () => {
  let jupyter: StockJupyter;
  let server: { readonly url: string; readonly token: string };
  let context: BrowserContext;
  before(async function () {
    const browser = await sharedBrowser(this);
    const python = findPython() ?? missing(this, jupyterWanted);
    jupyter = await stockJupyter(python);
    server = await jupyter.startLab();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(120_000);
  });
  after(async () => {
    await context?.close();
    await jupyter?.stop();
  });

  it("nbclient executes a notebook, whose chart is finished", async () => {
    await writeNotebook(jupyter.documents, "short.ipynb", [shopCell, sweepCell({ until: "20s", runs: 2, seed: 3 })]);
    await jupyter.script(execute, "short.ipynb", "executed.ipynb");
    const [chart, ...more] = chartsIn(await keptOutputs(join(jupyter.documents, "executed.ipynb")));
    assert.equal(more.length, 0);
    assert.equal(chart?.state, "done");
    assert.equal(chart?.rows.length, sweepPoints);
    assert.match(chart?.svg ?? "", /^<svg/);
  });

  it("JupyterLab without our extension shows the chart as a picture that is renewed while the run goes on", async () => {
    // Long enough for several pictures, of which there are at most two a second.
    const long = sweepCell({ until: "30min", runs: 4, seed: 5 });
    await writeNotebook(jupyter.documents, "picture.ipynb", [shopCell, long]);
    const lab = await LabPage.open(context, server, "picture.ipynb");
    await lab.untilIdle();
    const pictures = await lab.cell(1).evaluateHandle((cell) => {
      const seen = new Set<string>();
      const look = (): void => {
        const shown = cell.querySelector(".jp-RenderedSVG")?.innerHTML;
        if (shown) seen.add(shown);
      };
      new MutationObserver(look).observe(cell, { childList: true, subtree: true });
      return seen;
    });
    await lab.runAll();
    const picture = lab.cell(1).locator(".jp-RenderedSVG");
    await picture.locator("img, svg").first().waitFor();
    await lab.cell(1).locator(".jp-InputPrompt", { hasText: "[2]" }).waitFor();
    const count = await pictures.evaluate((seen) => seen.size);
    assert.ok(count >= 3, `${count} different pictures`);
    await picture.scrollIntoViewIfNeeded();
    await lab.page.screenshot({ path: shot("stock-picture") });
    await lab.save();
    const [kept] = chartsIn(await keptOutputs(join(jupyter.documents, "picture.ipynb")));
    assert.equal(kept?.state, "done");
    await lab.close();
  });

  it("JupyterLab with our extension draws the chart live, over a comm, and keeps it finished", async () => {
    await jupyter.addExtensions();
    await writeNotebook(jupyter.documents, "live.ipynb", [shopCell, sweepCell({ until: "10min", runs: 3, seed: 4 })]);
    const lab = await LabPage.open(context, server, "live.ipynb");
    await lab.untilIdle();
    await lab.runAll();
    const chart = charts(lab.page);
    await chart.waitFor();
    const drawings = await countDrawings(chart);
    await untilFinished(chart);
    const count = await drawings();
    assert.ok(count >= 3, `${count} different drawings while the run went on`);
    await lab.untilIdle();
    await chart.scrollIntoViewIfNeeded();
    await lab.page.screenshot({ path: shot("stock-live") });
    await lab.save();
    const [kept] = chartsIn(await keptOutputs(join(jupyter.documents, "live.ipynb")));
    assert.equal(kept?.state, "done");
    assert.equal(kept?.rows.length, sweepPoints);
    lab.watch.assertQuiet();
    await lab.close();
  });
});
