// Mocha's own reporter, which also writes the counts and what failed for scripts/test.mjs to add up.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class Totals extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    const failures = [];
    runner.on("pending", (test) => skipped.push(test.fullTitle()));
    runner.on("fail", (test, error) => failures.push({ title: test.fullTitle(), why: whyOf(error) }));
    runner.on("end", () => {
      const { passes: passed, failures: failed } = runner.stats;
      const file = process.env.ARCHITECH_TEST_TOTALS;
      if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped, failures }));
    });
  }
};

/** The error and where it was thrown, without the rest of a long comparison. */
function whyOf(error) {
  const text = error?.stack ?? String(error);
  const lines = text.split("\n").filter((line) => !line.includes("node_modules") && !line.includes("(node:"));
  const places = lines.filter((line) => /^\s+at /.test(line));
  return [...lines.filter((line) => !places.includes(line)).slice(0, 24), ...places.slice(0, 4)].join("\n");
}
