import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { diagrams, documents } from "./plugins.js";

/** Draws models in notebooks, and `*.arch.json` documents on their own. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [diagrams, documents];

export default plugins;
