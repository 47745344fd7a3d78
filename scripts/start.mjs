// npm start: from a fresh clone to an open lab. Arguments after `--` go to `architech lab`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { checkNode, setup } from "./setup.mjs";
import { main, root, steps } from "./steps.mjs";

await main(async () => {
  checkNode();
  await steps(setup);
  // The lab is a child so that Ctrl-C reaches it and it can put its kernels to rest.
  const lab = spawn(process.execPath, [join(root, "server/bin/architech.js"), "lab", ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => lab.kill(signal === "SIGINT" ? 0 : signal));
  process.exitCode = await new Promise((resolve) =>
    lab.on("close", (code, signal) => resolve(code ?? (signal ? 1 : 0))),
  );
});
