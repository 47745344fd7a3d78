import { ArchitechError } from "@architech/protocol";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { DiagramView } from "./diagram-view.js";
import { diagramMimeType } from "./mime.js";
import { pictureOf } from "./picture.js";

/** Draws the diagram of one output. */
export class DiagramRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #view: DiagramView;

  constructor() {
    super();
    this.addClass("architech-Diagram");
    this.#view = new DiagramView(this.node, { wheel: false });
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const diagram = model.data[diagramMimeType] as { version?: unknown; model?: unknown; values?: unknown } | null;
    if (typeof diagram !== "object" || diagram?.version !== 1)
      await this.#view.show(
        Promise.reject(
          new ArchitechError(
            "model-invalid",
            "this diagram was written by a version of Architech that is not known here",
          ),
        ),
      );
    else await this.#view.show(pictureOf(diagram.model, diagram.values));
  }
}
