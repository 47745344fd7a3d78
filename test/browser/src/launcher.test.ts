import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { type Stage, stage } from "./stage.js";

describe("the launcher", () => {
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

  const card = (name: string): Locator =>
    lab.page.locator('.jp-Launcher-section:has(h2:text("Notebook")) .jp-LauncherCard', { hasText: name });

  it("has a card that opens a new TypeScript notebook", async () => {
    await card("Demos").waitFor();
    await lab.page.screenshot({ path: shot("launcher") });
    await card("TypeScript (Architech)").click();
    await lab.untilIdle();
    await lab.write(0, "const half: number = 21;\nhalf * 2");
    await lab.runCell();
    await lab.cell(0).locator(".jp-OutputArea-executeResult", { hasText: "42" }).waitFor();
  });

  it("has a card that opens the first demo, unchanged, and shows their folder", async () => {
    await lab.go();
    await card("Demos").click();
    await lab.page.locator(".lm-TabBar-tabLabel", { hasText: "first-what-if.ipynb" }).waitFor();
    await lab.cell(0).locator("h1", { hasText: "The first what-if" }).waitFor();
    await lab.untilIdle();
    assert.equal(await lab.page.locator(".jp-mod-dirty").count(), 0);
    assert.deepEqual(await lab.page.locator(".jp-DirListing-itemText").allInnerTexts(), [
      "autoscaling.ipynb",
      "capacity.ipynb",
      "first-what-if.ipynb",
      "power-of-two-choices.ipynb",
      "retry-storm.ipynb",
    ]);
  });

  it("leaves nothing in the console", () => lab.watch.assertQuiet());
});
