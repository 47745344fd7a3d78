import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { architechIcon } from "../icon.js";
import { ClusterClient } from "./cluster-client.js";
import { ClusterPage } from "./cluster-page.js";

const command = "architech:open-cluster";

/** A page that shows who works together and what there is to do, from the launcher and the command palette. */
export const cluster: JupyterFrontEndPlugin<void> = {
  id: "@architech/lab:cluster",
  description: "Shows services, workers and runs as they are now.",
  autoStart: true,
  optional: [ILauncher, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
  ) => {
    const tracker = new WidgetTracker<MainAreaWidget<ClusterPage>>({ namespace: "architech-cluster" });
    app.commands.addCommand(command, {
      label: (args) => (args["isPalette"] === true ? "Show Runs and Workers" : "Runs and Workers"),
      caption: "Services, workers and runs as they are now",
      icon: architechIcon,
      execute: () => {
        const widget = tracker.currentWidget ?? newPage(app);
        if (!tracker.has(widget)) void tracker.add(widget);
        if (!widget.isAttached) app.shell.add(widget, "main");
        app.shell.activateById(widget.id);
      },
    });
    void restorer?.restore(tracker, { command, name: () => "cluster" });
    launcher?.add({ command, category: "Other", rank: 5 });
    palette?.addItem({ command, category: "Architech", args: { isPalette: true } });
  },
};

function newPage(app: JupyterFrontEnd): MainAreaWidget<ClusterPage> {
  const content = new ClusterPage(new ClusterClient(app.serviceManager.serverSettings));
  const widget = new MainAreaWidget({ content });
  widget.id = "architech-cluster";
  widget.title.label = "Runs and Workers";
  widget.title.icon = architechIcon;
  widget.title.closable = true;
  return widget;
}
