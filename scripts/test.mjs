// npm test: sets everything up, runs the suites, two beside each other where there are two cores, and ends with one line of totals.
// `npm test -- server kernel` runs only the suites named.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { checkNode, setup } from "./setup.mjs";
import { main, node, seconds, steps } from "./steps.mjs";
import { suites } from "./suites.mjs";
import { inLanes, Turns } from "./turns.mjs";

const ci = process.env.CI === "true";

/** Runs one suite in a process of its own and returns its counts; a suite that dies counts as a failure. */
async function runSuite(suite, folder, print) {
  const totals = join(folder, `${suite.name}.json`);
  const failed = await node(suite.args, { env: { ARCHITECH_TEST_TOTALS: totals }, print }).then(
    () => undefined,
    (error) => error,
  );
  if (!existsSync(totals))
    return { passed: 0, failed: 1, skipped: [], died: failed?.message ?? "ended without a word" };
  const counts = JSON.parse(readFileSync(totals, "utf8"));
  if (failed && counts.failed === 0) return { ...counts, failed: 1, died: failed.message };
  return counts;
}

await main(async () => {
  checkNode();
  const only = process.argv.slice(2);
  for (const name of only)
    if (!suites.some((suite) => suite.name === name))
      throw new Error(`no suite "${name}": there are ${suites.map((suite) => suite.name).join(", ")}`);
  const chosen = suites.filter((suite) => only.length === 0 || only.includes(suite.name));
  const folder = mkdtempSync(join(tmpdir(), "architech-test-"));
  await steps(setup);
  const turns = new Turns();
  const results = [];
  const acts = chosen.map((suite, index) => async () => {
    const start = performance.now();
    const turn = turns.begin(`[${index + 1}/${chosen.length}] test ${suite.name}`);
    const result = await runSuite(suite, folder, turn.print);
    const outcome = `${countsOf(result)}, ${seconds(start)}`;
    results.push({ name: suite.name, outcome, ...result });
    turn.end(outcome);
  });
  await inLanes(Math.min(2, availableParallelism()), acts);
  rmSync(folder, { recursive: true, force: true });
  report(results);
});

function countsOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
}

/** What failed is said again where nobody has to look for it: the end of a log is what there is left of a long one. */
function report(results) {
  for (const { name, failures = [] } of results)
    for (const { title, why } of failures) console.log(`failed: ${name}: ${title}\n${why.replace(/^/gm, "  ")}\n`);
  for (const { name, outcome } of results) console.log(`${name}: ${outcome}`);
  const skipped = results.flatMap((result) => result.skipped);
  for (const title of skipped) console.log(`skipped: ${title}${ci ? " (in CI a skip is a failure)" : ""}`);
  for (const result of results) if (result.died) console.log(`suite ${result.name}: ${result.died}`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0) + (ci ? skipped.length : 0);
  if (failed > 0 || passed === 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed${!ci && skipped.length ? `, ${skipped.length} skipped` : ""}`);
}
