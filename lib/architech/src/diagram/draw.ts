import type { ModelDocument } from "../model/document.js";
import { graphOf } from "./graph.js";
import { layout } from "./layout.js";
import { renderDiagram } from "./render.js";
import type { NodeValues } from "./spec.js";

/** A model's diagram as the text of an SVG. `model` must be valid. */
export async function diagramSvg(model: ModelDocument, values?: Readonly<Record<string, NodeValues>>): Promise<string> {
  const placed = await layout(graphOf(model), model.layout);
  return renderDiagram(placed, { title: model.name ?? "architecture", ...(values === undefined ? {} : { values }) });
}
