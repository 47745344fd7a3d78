import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { writeNotebook } from "./documents.js";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { shopCell } from "./shop.js";
import { type Stage, stage } from "./stage.js";

describe("a cell", () => {
  let on: Stage;
  let context: BrowserContext;
  let lab: LabPage;
  before(async function () {
    on = await stage(this);
    await writeNotebook(on.lab.documents, "cells.ipynb", [shopCell, "", "", "", ""]);
    context = await on.visitor();
    context.setDefaultTimeout(60_000);
    lab = await LabPage.open(context, on.lab, "cells.ipynb");
    await lab.untilIdle();
    await lab.runAll();
    await lab.cell(0).locator(".jp-InputPrompt", { hasText: "[1]" }).waitFor();
  });
  after(() => context && on.leave(context));

  const output = (index: number): Locator => lab.cell(index).locator(".jp-OutputArea-output");
  const offered = (): Locator => lab.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-match");

  /** Asks for what could stand where the cursor is, once the cell's editor is the one that is completed. */
  async function complete(index: number): Promise<string[]> {
    await lab.cell(index).locator(".jp-mod-completer-enabled").waitFor();
    await lab.page.keyboard.press("Tab");
    await offered().first().waitFor();
    return offered().allInnerTexts();
  }

  async function dismiss(): Promise<void> {
    await lab.page.keyboard.press("Escape");
    await offered().first().waitFor({ state: "hidden" });
  }

  it("completes the names of the model", async () => {
    await lab.write(1, "orders.");
    const names = await complete(1);
    assert.ok(names.includes("read") && names.includes("write"), names.join());
    await lab.page.screenshot({ path: shot("completion-node") });
    await dismiss();
  });

  it("completes metrics inside quotes", async () => {
    await lab.write(4, 'const today = await shop.run({ until: "10s" });\ntoday.estimate("orders.")');
    for (let back = 0; back < 2; back++) await lab.page.keyboard.press("ArrowLeft");
    const names = await complete(4);
    assert.ok(names.includes("orders.util"), names.join());
    await lab.page.screenshot({ path: shot("completion-metric") });
    await dismiss();
  });

  it("with a type error says what is wrong with line and column, and runs nothing", async () => {
    await lab.write(1, 'console.log("it ran");\norders.raed();');
    await lab.runCell();
    await output(1).first().waitFor();
    await lab.untilIdle();
    const [said, ...more] = await output(1).allInnerTexts();
    assert.deepEqual(more, []);
    assert.match(said ?? "", /raed/);
    assert.match(said ?? "", /2:8/);
    assert.doesNotMatch(said ?? "", /^it ran/m);
    await lab.page.screenshot({ path: shot("type-error") });
  });

  it("that never ends is interrupted, and what was there before is there still", async () => {
    await lab.write(1, "let kept = 41;");
    await lab.runCell();
    await lab.untilIdle();
    await lab.write(2, 'console.log("begun");\nwhile (true) kept += 0;');
    await lab.runCell();
    await output(2).filter({ hasText: "begun" }).waitFor();
    await lab.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"]').first().click();
    await output(2).filter({ hasText: "nterrupt" }).first().waitFor();
    await lab.write(3, "kept + 1");
    await lab.runCell();
    await output(3).filter({ hasText: "42" }).waitFor();
  });

  it("leaves nothing in the console", () => lab.watch.assertQuiet());
});
