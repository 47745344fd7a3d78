// npm run demos: executes the notebooks through a real server and kernel and writes them back with their outputs.
// `npm run demos -- capacity.ipynb` only those named.
import { checkNode, setup } from "./setup.mjs";
import { main, node, steps } from "./steps.mjs";

await main(async () => {
  checkNode();
  await steps([
    ...setup,
    {
      title: "execute the demos",
      run: () => node(["test/notebooks/build/write.js", ...process.argv.slice(2)]).then(() => undefined),
    },
  ]);
});
