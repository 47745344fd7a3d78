import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lab.js";

/** File names of the demos. */
export const demos: readonly string[] = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
