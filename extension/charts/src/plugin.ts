import { RunClient } from "@architech/protocol";
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { ChartRenderer } from "./chart-renderer.js";
import { CommStreams } from "./comm-streams.js";
import { chartMimeType } from "./mime.js";
import { ServerStreams } from "./server-streams.js";
import { StreamFinder } from "./stream-finder.js";

/** Registers the renderer before the one for SVG, and listens for kernels that send runs themselves. */
export const charts: JupyterFrontEndPlugin<void> = {
  id: "@architech/charts:renderer",
  description: "Draws charts of runs, live.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, rendermime: IRenderMimeRegistry, notebooks: INotebookTracker | null) => {
    const comms = new CommStreams();
    notebooks?.widgetAdded.connect((_, panel) => {
      const { sessionContext } = panel;
      const listen = (): void => comms.listen(sessionContext.session?.kernel ?? undefined);
      sessionContext.kernelChanged.connect(listen);
      listen();
    });
    const { baseUrl, token } = app.serviceManager.serverSettings;
    // Only a server of ours has runs; in another Jupyter they come from the kernel.
    const hasRuns = PageConfig.getOption("architechRuns") === "true";
    const client = new RunClient({ url: baseUrl, token });
    const streams = new StreamFinder(comms, hasRuns ? new ServerStreams(client) : undefined);
    rendermime.addFactory(
      { safe: true, mimeTypes: [chartMimeType], createRenderer: (options) => new ChartRenderer(options, streams) },
      0,
    );
  },
};
