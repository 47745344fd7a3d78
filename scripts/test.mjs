// npm test: sets everything up, runs every suite, and ends with one line of totals.
// `npm test -- server kernel` runs only the suites named.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkNode, setup } from "./setup.mjs";
import { main, node, steps } from "./steps.mjs";
import { suites } from "./suites.mjs";

const ci = process.env.CI === "true";

/** Runs one suite in a process of its own and returns its counts; a suite that dies counts as a failure. */
async function runSuite(suite, folder) {
  const totals = join(folder, `${suite.name}.json`);
  const failed = await node(suite.args, { env: { ARCHITECH_TEST_TOTALS: totals, ...suite.env } }).then(
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
  const results = [];
  await steps([
    ...setup,
    ...chosen.map((suite) => ({
      title: `test ${suite.name}`,
      run: async () => {
        const result = await runSuite(suite, folder);
        results.push({ name: suite.name, ...result });
        return `${result.passed} passed, ${result.failed} failed${result.skipped.length ? `, ${result.skipped.length} skipped` : ""}`;
      },
    })),
  ]);
  rmSync(folder, { recursive: true, force: true });
  report(results);
});

function report(results) {
  const skipped = results.flatMap((result) => result.skipped);
  for (const title of skipped) console.log(`skipped: ${title}${ci ? " (in CI a skip is a failure)" : ""}`);
  for (const result of results) if (result.died) console.log(`suite ${result.name}: ${result.died}`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0) + (ci ? skipped.length : 0);
  if (failed > 0 || passed === 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed${!ci && skipped.length ? `, ${skipped.length} skipped` : ""}`);
}
