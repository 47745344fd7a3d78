// What a person waits for in the lab: from running the sweep of the first demo to its first point in the chart, and how
// often the chart is drawn anew while data flows. The first sweep is the kernel's first; the next ones find all warm.
// Usage: node bench/first-point.mjs [--quick]
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumWanted, findChromium, launch } from "../test/browser/build/chromium.js";
import { writeNotebook } from "./first-point/notebook.mjs";
import { recorder } from "./first-point/recorder.mjs";
import { quick } from "./measure/options.mjs";
import { started } from "./measure/program.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable, spread } from "./measure/text.mjs";

const rounds = quick ? 1 : 3;
const sweeps = quick ? 2 : 3;
/** How long drawings are counted. */
const countedMs = 6_000;
const goal = 10;
/** How often a cell is tried to be run. */
const patience = 5;

const chromium = findChromium();
if (chromium === undefined) console.log(`nothing is measured without ${chromiumWanted}`);
else await measure();

async function measure() {
  const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
  const [documents, data] = [join(folder, "documents"), join(folder, "data")];
  await mkdir(documents);
  const program = fileURLToPath(new URL("../server/bin/architech.js", import.meta.url));
  const args = [
    program,
    "lab",
    "--no-browser",
    "--no-demos",
    "--json",
    "--port",
    "0",
    "--root",
    documents,
    "--data",
    data,
  ];
  const lab = await started(process.execPath, args, /^\{.*\}$/m);
  try {
    const { url } = JSON.parse(lab.found);
    const sessions = [];
    for (let round = 0; round < rounds; round++) {
      const name = `bench-${round}.ipynb`;
      await writeNotebook(
        join(documents, name),
        Array.from({ length: sweeps }, (_, i) => 1000 * (round + 1) + i),
      );
      sessions.push(await session(url.replace("/lab?", `/lab/tree/${name}?reset&`)));
    }
    report(sessions);
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A browser and a kernel that are new: the model, then one sweep after another. */
async function session(address) {
  const browser = await launch(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(120_000);
    await page.addInitScript(recorder);
    await page.goto(address);
    await page.locator("#architech-splash").waitFor({ state: "hidden" });
    await page.locator('.jp-NotebookPanel [data-status="idle"]').first().waitFor();
    await runCell(page, 0);
    await page.locator(".jp-Cell").nth(0).locator(".jp-OutputArea-output svg").first().waitFor();
    const results = [];
    for (let i = 1; i <= sweeps; i++) results.push(await sweep(page, i));
    return results;
  } finally {
    await browser.close();
  }
}

/** Runs a cell by its key; presses again, and says so, when the lab has not taken it. */
async function runCell(page, index) {
  const cell = page.locator(".jp-Cell").nth(index);
  await cell.locator(".cm-content").click();
  for (let presses = 1; presses <= patience; presses++) {
    await page.keyboard.press("Control+Enter");
    const taken = cell.locator(".jp-InputPrompt", { hasText: /\[(\*|\d+)\]/ }).waitFor({ timeout: 10_000 });
    if (await taken.then(() => true).catch(() => false)) return;
    console.log(`the lab did not take the press that runs cell ${index + 1} (${presses})`);
  }
  throw new Error(`cell ${index + 1} does not run`);
}

async function sweep(page, index) {
  await runCell(page, index);
  await page.waitForFunction(() => globalThis.benchRecord.drawings.some(({ points }) => points > 0));
  await page.waitForTimeout(countedMs);
  const { run, drawings } = await page.evaluate(() => globalThis.benchRecord);
  const cancel = page.locator(".architech-Chart-button:visible", { hasText: "Cancel" });
  if ((await cancel.count()) > 0) await cancel.first().click();
  await page.locator(".architech-Chart-progress:visible").waitFor({ state: "detached" });
  return { ...rates(drawings.filter(({ points, live }) => points > 0 && live)), firstPoint: firstPoint(run, drawings) };
}

function firstPoint(run, drawings) {
  return drawings.find(({ points }) => points > 0).at - run;
}

/** Drawings a second between the first and the last, and the median gap. */
function rates(drawings) {
  const times = drawings.map(({ at }) => at);
  const gaps = times.slice(1).map((at, i) => at - times[i]);
  return { perSecond: (1000 * gaps.length) / (times.at(-1) - times[0]), gap: median(gaps), count: times.length };
}

function report(sessions) {
  const first = sessions.map(([one]) => one);
  const later = sessions.flatMap((all) => all.slice(1));
  const line = (label, field, digits) => [
    label,
    ...[first, later].map((its) =>
      spread(
        its.map((one) => one[field]),
        (value) => value.toFixed(digits),
      ),
    ),
  ];
  printTable([
    ["the first demo's sweep", "first in its kernel", "later ones"],
    line("run to the first point, ms", "firstPoint", 0),
    line("drawings a second while data flows", "perSecond", 1),
    line("median gap between drawings, ms", "gap", 0),
  ]);
  const perSecond = median([...first, ...later].map((one) => one.perSecond));
  console.log(`at least ${goal} drawings a second: ${perSecond >= goal ? "met" : "MISSED"}, ${perSecond.toFixed(1)}`);
}
