// npm run build: everything that `npm start` and `npm test` would build.
import { checkNode, setup } from "./setup.mjs";
import { main, steps } from "./steps.mjs";

await main(async () => {
  checkNode();
  await steps(setup);
});
