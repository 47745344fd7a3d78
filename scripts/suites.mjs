// Every suite of the house: each is one Node process that writes its counts where ARCHITECH_TEST_TOTALS says. Two of them
// run beside each other, so none has a port, a folder or a file that another has. The longest begin first.
const mocha = "node_modules/mocha/bin/mocha.js";
const colour = process.stdout.isTTY ? ["--color"] : [];
const options = ["--reporter", "scripts/totals-reporter.cjs", "--forbid-only", "--exit", ...colour];
// Suites that look inside the modeling library use its modules one by one, and so one instance of each.
const unbundled = ["--conditions", "unbundled"];
const suite = (name, glob, { timeout = 20_000, before = [] } = {}) => ({
  name,
  args: [...before, mocha, ...options, "--timeout", String(timeout), glob],
});

// The modeling library's suite measures its branch coverage while it runs.
const covered = [
  "node_modules/c8/bin/c8.js",
  "--include",
  "lib/architech/dist/**",
  "--reporter",
  "text-summary",
  "--check-coverage",
  "--branches",
  "90",
  "--lines",
  "0",
  "--functions",
  "0",
  "--statements",
  "0",
  process.execPath,
  ...unbundled,
];

export const suites = [
  suite("architech", "lib/architech/build/test/**/*.test.js", { timeout: 120_000, before: covered }),
  suite("server", "server/build/test/**/*.test.js", { timeout: 120_000 }),
  suite("browser", "test/browser/build/**/*.test.js", { timeout: 300_000 }),
  suite("kernel", "kernel/build/test/**/*.test.js", { timeout: 120_000 }),
  suite("notebooks", "test/notebooks/build/**/*.test.js", { timeout: 300_000 }),
  suite("docs", "test/docs/build/**/*.test.js", { timeout: 120_000, before: unbundled }),
  { name: "check", args: ["scripts/check.mjs"] },
  suite("deploy", "test/deploy/build/**/*.test.js", { timeout: 120_000 }),
  suite("extension", "extension/*/build/test/**/*.test.js", { timeout: 120_000 }),
  suite("protocol", "lib/protocol/build/test/**/*.test.js"),
];
