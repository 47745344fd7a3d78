// Mocha's own reporter, which also writes the counts for scripts/test.mjs to add up.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class Totals extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on("pending", (test) => skipped.push(test.fullTitle()));
    runner.on("end", () => {
      const file = process.env.ARCHITECH_TEST_TOTALS;
      if (file)
        writeFileSync(file, JSON.stringify({ passed: runner.stats.passes, failed: runner.stats.failures, skipped }));
    });
  }
};
