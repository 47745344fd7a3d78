// How long it takes from `npm start` to its printed address, and on to the lab in a browser that has never been here;
// stock JupyterLab beside it. Everything is installed and built, the folders have been used before.
// Usage: node bench/start.mjs [--quick]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumWanted, findChromium, launch } from "../test/browser/build/chromium.js";
import { quick } from "./measure/options.mjs";
import { processTree } from "./measure/process-tree.mjs";
import { started } from "./measure/program.mjs";
import { printTable, spread } from "./measure/text.mjs";
import { contestants } from "./start/contestants.mjs";

const rounds = quick ? 2 : 5;
const chromium = findChromium();
if (chromium === undefined) console.log(`only to the address, without ${chromiumWanted}`);

const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
try {
  await compare();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function compare() {
  const all = await contestants(folder);
  for (const { name, missing } of all) if (missing !== undefined) console.log(`without ${name}: ${missing}`);
  const present = all.filter(({ missing }) => missing === undefined);
  const results = present.map(() => []);
  // The first start of each is not counted: it may build, and fills its folders.
  for (let round = 0; round <= rounds; round++)
    for (const [i, contestant] of present.entries()) {
      const result = await start(contestant);
      if (round > 0) results[i].push(result);
    }
  const line = (label, field, digits) => [
    label,
    ...results.map((its) =>
      spread(
        its.map((one) => one[field]),
        (value) => value.toFixed(digits),
      ),
    ),
  ];
  printTable([
    [`${rounds} starts each`, ...present.map(({ name }) => name)],
    line("to the address, s", "address", 2),
    line("CPU until then, s", "cpu", 2),
    ...(chromium === undefined
      ? []
      : [
          line("address to the lab, s", "page", 2),
          line("in all, s", "total", 2),
          line("loaded by the browser, MB", "megabytes", 1),
        ]),
  ]);
  console.log(results[0].at(-1).steps);
}

async function start({ command, address, options }) {
  const { program, args } = await command();
  const browser = chromium === undefined ? undefined : await launch(chromium);
  const begun = performance.now();
  const lab = await started(program, args, address, options);
  try {
    const printed = performance.now();
    const { cpu } = processTree(lab.pid);
    const steps = lab.output.match(/^\[\d.*: .*$/gm)?.join("\n") ?? "";
    const toAddress = (printed - begun) / 1000;
    if (browser === undefined) return { address: toAddress, cpu, steps };
    const { seconds, megabytes } = await openLab(browser, lab.found);
    return { address: toAddress, cpu, steps, page: seconds, total: toAddress + seconds, megabytes };
  } finally {
    await browser?.close();
    await lab.stop();
  }
}

/** Opens the lab and waits until a person could choose what to begin with. */
async function openLab(browser, address) {
  const page = await browser.newPage();
  const begun = performance.now();
  await page.goto(address);
  await page.locator(".jp-LauncherCard").first().waitFor({ timeout: 120_000 });
  await page.locator("#architech-splash, #jupyterlab-splash").waitFor({ state: "hidden" });
  const seconds = (performance.now() - begun) / 1000;
  const bytes = await page.evaluate(() =>
    performance.getEntriesByType("resource").reduce((sum, { transferSize }) => sum + transferSize, 0),
  );
  return { seconds, megabytes: bytes / 1e6 };
}
