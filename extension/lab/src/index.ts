import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { brand } from "./brand.js";
import { cards } from "./cards.js";
import { splash } from "./splash.js";

/** What makes JupyterLab this lab: its sign, its first screen, and the way to a first notebook. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [brand, cards, splash];

export default plugins;
