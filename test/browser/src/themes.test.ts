import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { charts } from "./charts.js";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { type Stage, stage } from "./stage.js";

/** How light a computed colour is, from 0 to 1. */
function lightness(colour: string): number {
  const [r = 0, g = 0, b = 0] = (/\(([^)]*)\)/.exec(colour)?.[1] ?? "").split(/[ ,]+/).map(Number.parseFloat);
  const scale = colour.startsWith("color(") ? 1 : 255;
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / scale;
}

describe("light and dark", () => {
  let on: Stage;
  let context: BrowserContext;
  let lab: LabPage;
  before(async function () {
    on = await stage(this);
    context = await on.visitor({ viewport: { width: 1280, height: 1400 } });
    context.setDefaultTimeout(60_000);
    // As it comes with the program: its outputs are of another test's making, or committed.
    lab = await LabPage.open(context, on.lab, "Demos/retry-storm.ipynb");
  });
  after(() => context && on.leave(context));

  const style = (part: Locator, property: "fill" | "stroke" | "color"): Promise<string> =>
    part.evaluate((node, property) => getComputedStyle(node)[property as "fill"], property);

  async function colours(): Promise<Record<string, string>> {
    const chart = charts(lab.page).first();
    await chart.locator(".architech-Chart-picture > svg").waitFor();
    const diagram = lab.page.locator(".architech-Diagram[data-state='drawn']").first();
    return {
      label: await style(chart.locator("[aria-label='x-axis tick label']").first(), "fill"),
      name: await style(diagram.locator(".arch-name").first(), "fill"),
      box: await style(diagram.locator(".arch-outline.arch-service").last(), "fill"),
      border: await style(diagram.locator(".arch-outline.arch-service").last(), "stroke"),
      icon: await style(diagram.locator(".arch-icon.arch-service").first(), "stroke"),
      page: await style(diagram.locator(".arch-page").first(), "fill"),
    };
  }

  it("letters, boxes and lines of charts and diagrams follow the theme", async () => {
    const light = await colours();
    await lab.page.screenshot({ path: shot("theme-light") });
    await lab.page.emulateMedia({ colorScheme: "dark" });
    await lab.page.locator("body[data-jp-theme-light='false']").waitFor({ state: "attached" });
    const dark = await colours();
    await lab.page.screenshot({ path: shot("theme-dark") });
    for (const name of Object.keys(light)) assert.notEqual(dark[name], light[name], name);
    for (const letters of ["label", "name"] as const) {
      assert.ok(lightness(light[letters] ?? "") < 0.35, `${letters} on light: ${light[letters]}`);
      assert.ok(lightness(dark[letters] ?? "") > 0.65, `${letters} on dark: ${dark[letters]}`);
    }
    assert.ok(lightness(light["page"] ?? "") > 0.9);
    assert.ok(lightness(dark["page"] ?? "") < 0.2);
  });

  it("leaves nothing in the console", () => lab.watch.assertQuiet());
});
