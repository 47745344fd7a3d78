import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { brand } from "./brand.js";
import { cards } from "./cards.js";
import { cluster } from "./cluster/cluster.js";
import { splash } from "./splash.js";

/** What makes JupyterLab this lab: its sign, its first screen, the way to a first notebook, and to who simulates. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [brand, cards, cluster, splash];

export default plugins;
