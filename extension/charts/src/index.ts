import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { charts } from "./plugin.js";

/** Draws charts of runs in notebooks, while the runs go on and afterwards. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [charts];

export default plugins;
