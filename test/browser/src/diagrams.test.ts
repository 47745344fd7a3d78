import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Locator } from "playwright-core";
import { keptOutputs, writeNotebook } from "./documents.js";
import { LabPage } from "./lab-page.js";
import { shot } from "./places.js";
import { shopCell } from "./shop.js";
import { type Stage, stage } from "./stage.js";

const diagramType = "application/vnd.architech.diagram.v1+json";

describe("a diagram", () => {
  let on: Stage;
  let context: BrowserContext;
  before(async function () {
    on = await stage(this);
    context = await on.visitor();
    context.setDefaultTimeout(60_000);
  });
  after(() => context && on.leave(context));

  const kinds = ["traffic", "service", "database", "cache", "queue", "worker"];
  /** Every kind is there, with a shape and an icon that no other has. */
  async function assertKinds(diagram: Locator): Promise<void> {
    for (const part of ["outline", "icon"]) {
      const shapes = await diagram
        .locator(`.arch-${part}`)
        .evaluateAll((parts) =>
          parts.map((part) => [
            [...part.classList].at(-1)?.replace("arch-", ""),
            part.localName + (part.getAttribute("d")?.replace(/[\d.]+/g, "n") ?? `rx${part.getAttribute("rx")}`),
          ]),
        );
      const byKind = new Map(shapes as [string, string][]);
      assert.deepEqual([...byKind.keys()].sort(), [...kinds].sort());
      assert.equal(new Set(byKind.values()).size, kinds.length, `each ${part} is another`);
    }
  }

  it("stands in an output with a shape and an icon for each kind, replicas, and how busy each node was", async () => {
    await writeNotebook(on.lab.documents, "diagram.ipynb", [
      shopCell,
      'diagram(shop, await shop.run({ until: "20s", runs: 2 }));',
    ]);
    const lab = await LabPage.open(context, on.lab, "diagram.ipynb");
    await lab.untilIdle();
    await lab.runAll();
    const diagram = lab.cell(1).locator(".architech-Diagram[data-state='drawn']");
    await diagram.waitFor();
    await assertKinds(diagram);
    const node = (name: string): Locator => diagram.locator(`[data-node="${name}"]`);
    assert.match(await node("api").locator("text.arch-settings").first().innerHTML(), /2 replicas · 8 threads/);
    assert.equal(await node("mailer").locator(".arch-outline").count(), 3, "replicas stand behind one another");
    assert.match(await node("orders").innerHTML(), /class="arch-fill"[\s\S]*?\d+ %<\/text>/);
    await lab.untilIdle();
    await diagram.scrollIntoViewIfNeeded();
    await lab.page.screenshot({ path: shot("diagram-output") });
    await lab.save();
    lab.watch.assertQuiet();

    await lab.close();
  });

  it("is what a *.arch.json document opens as, and can be magnified", async () => {
    const output = (await keptOutputs(join(on.lab.documents, "diagram.ipynb"))).find(({ data }) => data !== undefined);
    assert.ok(output);
    const { model } = (output["data"] as Record<string, { model: unknown }>)[diagramType] as { model: unknown };
    await writeFile(join(on.lab.documents, "shop.arch.json"), JSON.stringify(model));
    const lab = await LabPage.open(context, on.lab, "shop.arch.json");
    const diagram = lab.page.locator(".architech-Diagram.jp-mod-document[data-state='drawn']");
    await diagram.waitFor();
    await assertKinds(diagram);
    await lab.page.screenshot({ path: shot("diagram-document") });
    const width = async (): Promise<number> =>
      Number((await diagram.locator("svg").getAttribute("viewBox"))?.split(" ")[2]);
    const whole = await width();
    await diagram.hover();
    await diagram.getByRole("button", { name: "Magnify" }).click();
    assert.ok((await width()) < whole);
    await diagram.getByRole("button", { name: "Show all" }).click();
    assert.equal(await width(), whole);
    lab.watch.assertQuiet();
    await lab.close();
  });

  it("of a malformed document is a sentence with the code of the error", async () => {
    const cases = {
      "no-json.arch.json": ["{", "model-invalid"],
      "no-model.arch.json": ['{"hello": "<b>world</b>"}', "model-invalid"],
    };
    const lab = await LabPage.open(context, on.lab);
    for (const [name, [text, code]] of Object.entries(cases)) {
      await writeFile(join(on.lab.documents, name), text as string);
      await lab.go(name);
      const problem = lab.page.locator(".architech-Diagram-problem");
      await problem.waitFor();
      assert.equal(await problem.locator("code").textContent(), code);
      assert.equal(await problem.locator("b").count(), 0);
      await lab.page.screenshot({ path: shot(`diagram-${name.replace(".arch.json", "")}`) });
    }
    lab.watch.assertQuiet();
    await lab.close();
  });
});
