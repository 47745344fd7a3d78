import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ICodeCell, INotebookContent, IOutput } from "@jupyterlab/nbformat";
import { demos } from "./demos.js";
import { chartsIn, executeNotebook } from "./execute.js";
import { type Lab, root, startLab } from "./lab.js";

const outputsOf = ({ cells }: INotebookContent): IOutput[] =>
  cells.filter((cell): cell is ICodeCell => cell.cell_type === "code").flatMap((cell) => cell.outputs);

/** What the cells printed: numbers that the seed decides. */
const printed = (notebook: INotebookContent): unknown[] =>
  outputsOf(notebook)
    .filter(({ output_type }) => output_type === "stream")
    .map(({ text }) => (Array.isArray(text) ? text.join("") : text));

describe("demos", () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.stop());

  for (const name of demos)
    it(`${name} runs from top to bottom and prints what is committed`, async () => {
      const committed = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")) as INotebookContent;
      const kernel = await lab.kernels.startNew({ name: "architech" });
      const executed = await executeNotebook(kernel, committed);
      await kernel.shutdown();
      assert.deepEqual(
        outputsOf(executed).filter(({ output_type }) => output_type === "error"),
        [],
      );
      assert.deepEqual(printed(executed), printed(committed));
      for (const notebook of [executed, committed]) {
        const charts = chartsIn(outputsOf(notebook));
        assert.ok(charts.length > 0, "a demo draws");
        for (const { state, sources } of charts) {
          assert.equal(state, "done");
          assert.ok(
            sources.every(({ rows }) => rows !== undefined && rows.length > 0),
            "a chart keeps its rows",
          );
        }
        const pictures = outputsOf(notebook).filter(
          ({ data }) => "image/svg+xml" in ((data as object | undefined) ?? {}),
        );
        assert.ok(pictures.length >= charts.length, "each chart keeps its picture");
      }
    });
});
