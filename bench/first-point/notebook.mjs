import { readFile, writeFile } from "node:fs/promises";

const demo = new URL("../../notebooks/first-what-if.ipynb", import.meta.url);
const seed = /seed: \d+/;

/**
 * Writes the cells of the first demo that its sweep needs, without their outputs: the model, and the sweep as often as
 * there are seeds, each with its own and never served from the cache.
 */
export async function writeNotebook(file, seeds) {
  const notebook = JSON.parse(await readFile(demo, "utf8"));
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const textOf = ({ source }) => [source].flat().join("");
  const shop = code.find((cell) => textOf(cell).includes("model("));
  const sweep = code.find((cell) => seed.test(textOf(cell)) && textOf(cell).includes("sweep("));
  if (shop === undefined || sweep === undefined) throw new Error("the first demo has no model or no sweep");
  const again = (number, i) => ({
    ...sweep,
    id: `sweep-${i}`,
    source: textOf(sweep)
      .replace(seed, `seed: ${number}, cache: false`)
      .replaceAll(/\bload\b/g, `load${i}`),
  });
  const cells = [shop, ...seeds.map(again)].map((cell) => ({ ...cell, outputs: [], execution_count: null }));
  await writeFile(file, JSON.stringify({ ...notebook, cells }));
}
