import { ABCWidgetFactory, type DocumentRegistry, DocumentWidget } from "@jupyterlab/docregistry";
import { LabIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import { DiagramView } from "./diagram-view.js";
import { pictureOfText } from "./picture.js";

const icon: LabIcon = new LabIcon({
  name: "architech:model",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="16"><path class="jp-icon-selectable" d="M3 2.5h7V8H6.8v5.2H11V12h6v6h-6v-3.2H5.2V8H3z" fill="#2f6fb3"/></svg>`,
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
    const widget = new DocumentWidget({ content: new DiagramPanel(context), context });
    widget.title.icon = icon;
    return widget;
  }
}
