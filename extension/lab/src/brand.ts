import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Widget } from "@lumino/widgets";
import { architechIcon } from "./icon.js";

/** Puts the sign where JupyterLab has its own. */
export const brand: JupyterFrontEndPlugin<void> = {
  id: "@architech/lab:brand",
  description: "The sign of the house in the top bar.",
  autoStart: true,
  requires: [ILabShell],
  activate: (_app: JupyterFrontEnd, shell: ILabShell) => {
    const sign = new Widget();
    architechIcon.element({
      container: sign.node,
      elementPosition: "center",
      margin: "2px 2px 2px 8px",
      height: "auto",
      width: "18px",
    });
    sign.id = "jp-MainLogo";
    shell.add(sign, "top", { rank: 0 });
  },
};
