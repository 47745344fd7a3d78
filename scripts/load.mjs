// npm run load: a cluster on this machine under the load of many users, until it breaks and recovers.
// `npm run load -- --quick` takes a minute; load/load.mjs says which options there are.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkNode, setup } from "./setup.mjs";
import { main, node, root, steps } from "./steps.mjs";

const venv = join(root, ".venv/bin/python");

await main(async () => {
  checkNode();
  const env =
    process.env.ARCHITECH_TEST_PYTHON === undefined && existsSync(venv) ? { ARCHITECH_TEST_PYTHON: venv } : {};
  const load = () => node(["load/load.mjs", ...process.argv.slice(2)], { env }).then(() => undefined);
  await steps([...setup, { title: "load", run: load }]);
});
