// npm run check: types, lint, import direction, unused code, API report. Each is one line that passes or fails.
// `npm run check -- --fix` formats, and renews the API reports.
import { writeFileSync } from "node:fs";
import { compiler } from "./setup.mjs";
import { main, node } from "./steps.mjs";

const fix = process.argv.includes("--fix");
const bin = (path) => `node_modules/${path}`;
const packages = ["lib/protocol", "lib/architech", "kernel", "server"];

const checks = [
  { title: "every package type-checks", args: [compiler, "-b"] },
  {
    title: "what runs in a browser uses nothing of Node",
    args: [compiler, "-p", "lib/architech/tsconfig.core.json"],
  },
  {
    title: "the source is formatted and lints",
    args: [bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", ...(fix ? ["--write"] : [])],
  },
  {
    title: "imports go one way",
    args: [
      bin("dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      ".dependency-cruiser.cjs",
      "lib",
      "kernel",
      "extension",
      "server",
      "test/tools",
    ],
  },
  { title: "nothing is unused", args: [bin("knip/bin/knip.js"), "--no-progress"] },
  { title: "the third-party notices are up to date", args: ["scripts/notices.mjs", ...(fix ? [] : ["--check"])] },
  ...packages.map((folder) => ({
    title: `the API report of ${folder} is up to date`,
    args: [
      bin("@microsoft/api-extractor/bin/api-extractor"),
      "run",
      "-c",
      `${folder}/api-extractor.json`,
      ...(fix ? ["--local"] : []),
    ],
  })),
];

await main(async () => {
  let passed = 0;
  const failures = [];
  for (const { title, args } of checks) {
    try {
      await node(args, { quiet: true });
      passed += 1;
      console.log(`  ✔ ${title}`);
    } catch (error) {
      failures.push({ title, why: (error.output ?? error.message).trim().split("\n").slice(0, 24).join("\n") });
      console.log(`  ✘ ${title}`);
    }
  }
  const totals = { passed, failed: failures.length, skipped: [], failures };
  if (process.env.ARCHITECH_TEST_TOTALS) writeFileSync(process.env.ARCHITECH_TEST_TOTALS, JSON.stringify(totals));
  if (failures.length > 0) process.exitCode = 1;
});
