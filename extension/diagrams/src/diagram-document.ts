import { ABCWidgetFactory, type DocumentRegistry, DocumentWidget } from "@jupyterlab/docregistry";
import { LabIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import { DiagramView } from "./diagram-view.js";
import { pictureOfText } from "./picture.js";

const icon: LabIcon = new LabIcon({
  name: "architech:model",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="16"><path d="M3 3h6v5H3zM11 12h6v5h-6zM6 8v6.5h5" fill="none" stroke="#2f6fb3" stroke-width="1.6" stroke-linejoin="round"/></svg>`,
});

/** Documents of models. */
export const modelFileType: Partial<DocumentRegistry.IFileType> & { readonly name: string } = {
  name: "architech-model",
  displayName: "Architecture",
  extensions: [".arch.json"],
  mimeTypes: ["application/vnd.architech.model+json"],
  contentType: "file",
  fileFormat: "text",
  icon,
};

/** The diagram of a document, drawn again whenever the document changes. */
class DiagramPanel extends Widget {
  readonly #context: DocumentRegistry.Context;
  readonly #view: DiagramView;

  constructor(context: DocumentRegistry.Context) {
    super();
    this.#context = context;
    this.addClass("architech-Diagram");
    this.addClass("jp-mod-document");
    this.#view = new DiagramView(this.node, { wheel: true });
    void context.ready.then(() => {
      if (this.isDisposed) return;
      context.model.contentChanged.connect(this.#draw, this);
      this.#draw();
    });
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#context.model.contentChanged.disconnect(this.#draw, this);
    super.dispose();
  }

  #draw(): void {
    void this.#view.show(pictureOfText(this.#context.model.toString()));
  }
}

/** Makes the widgets that `*.arch.json` files open in. */
export class DiagramFactory extends ABCWidgetFactory<DocumentWidget> {
  protected override createNewWidget(context: DocumentRegistry.Context): DocumentWidget {
    return new DocumentWidget({ content: new DiagramPanel(context), context });
  }
}
