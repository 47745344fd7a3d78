// npm run bench: every benchmark of the house, one after another so that none disturbs the next.
// `npm run bench -- engine --quick` runs only those named, and passes the options on.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { checkNode, setup } from "./setup.mjs";
import { main, node, root, steps } from "./steps.mjs";

const venv = join(root, ".venv/bin/python");

await main(async () => {
  checkNode();
  const names = readdirSync(join(root, "bench"))
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => basename(file, ".mjs"));
  const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
  const only = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
  for (const name of only)
    if (!names.includes(name)) throw new Error(`no benchmark "${name}": there are ${names.join(", ")}`);
  const python = process.env.ARCHITECH_BENCH_PYTHON ?? process.env.ARCHITECH_TEST_PYTHON;
  const env = python === undefined && existsSync(venv) ? { ARCHITECH_BENCH_PYTHON: venv } : {};
  await steps([
    ...setup,
    ...names
      .filter((name) => only.length === 0 || only.includes(name))
      .map((name) => ({
        title: `bench ${name}`,
        run: () => node([join("bench", `${name}.mjs`), ...options], { env }).then(() => undefined),
      })),
  ]);
});
