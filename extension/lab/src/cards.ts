import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { PageConfig } from "@jupyterlab/coreutils";
import { ILauncher } from "@jupyterlab/launcher";
import { firstDemo } from "./first-demo.js";
import { architechIcon, demosIcon, demosPicture } from "./icon.js";

/** Commands of the launcher. */
const commandIds = { newNotebook: "architech:new-notebook", openDemos: "architech:open-demos" } as const;

/**
 * A card for the demos beside the one that JupyterLab makes for each kernel, so beside a new Architech notebook;
 * both also in the command palette.
 */
export const cards: JupyterFrontEndPlugin<void> = {
  id: "@architech/lab:cards",
  description: "Ways to a first notebook in the launcher and the command palette.",
  autoStart: true,
  optional: [ILauncher, ICommandPalette],
  activate: (app: JupyterFrontEnd, launcher: ILauncher | null, palette: ICommandPalette | null) => {
    app.commands.addCommand(commandIds.newNotebook, {
      label: (args) => (args["isPalette"] === true ? "New What-if Notebook" : "What-if notebook"),
      caption: "A TypeScript notebook that knows Architech",
      icon: architechIcon,
      execute: (args) =>
        app.commands.execute("notebook:create-new", { cwd: args["cwd"] ?? "", kernelName: "architech" }),
    });
    app.commands.addCommand(commandIds.openDemos, {
      label: (args) => (args["isPalette"] === true ? "Open the Demos" : "Demos"),
      caption: "The folder of demos, and the first one open",
      icon: demosIcon,
      execute: () => openDemos(app),
    });
    // The cards of this category show the picture of a kernel, not the command's icon.
    launcher?.add({ command: commandIds.openDemos, category: "Notebook", rank: 50, kernelIconUrl: demosPicture });
    for (const command of Object.values(commandIds))
      palette?.addItem({ command, category: "Architech", args: { isPalette: true } });
  },
};

/** Shows the folder in the file browser and opens its first notebook. */
async function openDemos(app: JupyterFrontEnd): Promise<void> {
  const folder = PageConfig.getOption("demosPath") || "Demos";
  const model = await app.serviceManager.contents.get(folder, { content: true });
  await app.commands.execute("filebrowser:go-to-path", { path: folder, dontShowBrowser: false });
  const path = firstDemo(model.content as { name: string; path: string; type: string }[]);
  if (path !== undefined) await app.commands.execute("docmanager:open", { path });
}
