import type { Row } from "../experiment/view.js";
import type { DrawingDocument } from "./dom.js";
import { draw, type PlotModule } from "./draw.js";
import { serialize } from "./serialize.js";
import type { ChartSpec } from "./spec.js";
import { paper } from "./theme.js";

interface Tools {
  readonly Plot: PlotModule;
  readonly document: DrawingDocument;
}

let tools: Promise<Tools> | undefined;

/** Plot and a DOM to draw into, loaded when first needed. */
function load(): Promise<Tools> {
  tools ??= (async () => {
    const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
    return {
      Plot: Plot as unknown as PlotModule,
      document: parseHTML("<html></html>").document as unknown as DrawingDocument,
    };
  })();
  return tools;
}

/** A chart as the text of an SVG that stands alone: dark on white, letters and colours explicit. */
export async function standAloneSvg(
  spec: ChartSpec,
  rows: readonly (readonly Row[])[],
  options: { readonly width?: number; readonly live?: boolean } = {},
): Promise<string> {
  const { Plot, document } = await load();
  const drawn = draw(Plot, spec, rows, {
    document,
    theme: paper,
    interactive: false,
    ...options,
  });
  return serialize(drawn, paper);
}
