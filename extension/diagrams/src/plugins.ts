import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { DocumentRegistry } from "@jupyterlab/docregistry";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { DiagramFactory, modelFileType } from "./diagram-document.js";
import { DiagramRenderer } from "./diagram-renderer.js";
import { diagramMimeType } from "./mime.js";

/** Registers the renderer before the one for SVG. */
export const diagrams: JupyterFrontEndPlugin<void> = {
  id: "@architech/diagrams:renderer",
  description: "Draws models as diagrams in notebooks.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate: (_app: JupyterFrontEnd, rendermime: IRenderMimeRegistry) => {
    rendermime.addFactory({ safe: true, mimeTypes: [diagramMimeType], createRenderer: () => new DiagramRenderer() }, 0);
  },
};

/** Opens `*.arch.json` as a diagram. */
export const documents: JupyterFrontEndPlugin<void> = {
  id: "@architech/diagrams:documents",
  description: "Opens *.arch.json documents as diagrams.",
  autoStart: true,
  activate: ({ docRegistry }: JupyterFrontEnd) => {
    docRegistry.addFileType(modelFileType);
    const factory = new DiagramFactory({
      name: "Diagram",
      modelName: "text",
      fileTypes: [modelFileType.name],
      defaultFor: [modelFileType.name],
      readOnly: true,
    });
    // JupyterLab's own base class says "or undefined" where its own interface does not.
    docRegistry.addWidgetFactory(factory as DocumentRegistry.WidgetFactory);
  },
};
