// npm run manifests: writes the Kubernetes manifests of an installation; see docs/guide/deploy.md.
import { checkNode, compiled } from "./setup.mjs";
import { main, node, steps } from "./steps.mjs";

await main(async () => {
  checkNode();
  await steps(compiled);
  await node(["deploy/build/write.js", ...process.argv.slice(2)]);
});
