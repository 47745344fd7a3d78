import assert from "node:assert/strict";
import { oneService } from "@architech/test-tools";
import type { BrowserContext } from "playwright-core";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { type Stage, stage } from "./stage.js";

const sweep = {
  version: 1,
  kind: "sweep",
  model: oneService,
  points: [20, 40, 60, 80].map((rps) => ({ key: { rps }, change: { traffic: { rate: `${rps}rps` } } })),
  options: { until: "10h", warmup: "1h", runs: 500, seed: 1, confidence: 0.95, series: false, cache: false },
};

describe("the page of runs and workers", () => {
  let on: Stage;
  let context: BrowserContext;
  let lab: LabPage;
  before(async function () {
    on = await stage(this);
    context = await on.visitor();
    context.setDefaultTimeout(60_000);
    lab = await LabPage.open(context, on.lab);
  });
  after(() => context && on.leave(context));

  it("opens from the launcher, shows a run as it goes on, and stops it", async () => {
    await lab.page.locator(".jp-LauncherCard", { hasText: "Runs and Workers" }).click();
    const page = lab.page.locator(".architech-Cluster");
    await page.locator("h1", { hasText: "This process" }).waitFor();
    await page.locator("td", { hasText: on.lab.url }).waitFor();
    const started = await fetch(`${on.lab.url}api/runs`, {
      method: "POST",
      headers: { authorization: `token ${on.lab.token}`, "content-type": "application/json" },
      body: JSON.stringify(sweep),
    });
    assert.equal(started.status, 201, await started.clone().text());
    const row = page.locator("tr", { has: lab.page.locator("button", { hasText: "Cancel" }) });
    await row.locator("td", { hasText: "of 2.00 k" }).waitFor();
    // Three looks make a line.
    await page.locator(".architech-Cluster-line polyline").first().waitFor({ state: "attached" });
    await page
      .locator(".architech-Cluster-figure", { hasText: "threads at work" })
      .locator("strong", { hasText: /^[1-9]/ })
      .waitFor();
    await page
      .locator(".architech-Cluster-figure", { hasText: "events a second" })
      .locator("strong", { hasText: /[kM]/ })
      .waitFor();
    await lab.page.screenshot({ path: shot("runs-and-workers") });
    await row.locator("button").click();
    await page.locator("tr", { hasText: "cancelled" }).first().waitFor();
    await row.waitFor({ state: "detached" });
  });

  it("is there again after the page was loaded anew, and says when the server does not answer", async () => {
    await lab.page.reload();
    await lab.page.locator(".architech-Cluster h1", { hasText: "This process" }).waitFor();
    await lab.page.route(/\/api\/cluster/, (route) => route.abort());
    await lab.page.locator(".architech-Cluster-notice", { hasText: "It is asked again" }).waitFor();
    await lab.page.unroute(/\/api\/cluster/);
    await lab.page.locator(".architech-Cluster-notice").waitFor({ state: "detached" });
  });
});
