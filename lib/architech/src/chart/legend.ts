import { type DrawingDocument, type DrawingElement, svgElement } from "./dom.js";
import type { Theme } from "./theme.js";

/** A scale of colours as Plot describes it. */
export interface ColourScale {
  readonly type: string;
  readonly domain?: readonly unknown[];
  readonly label?: string;
  apply(value: unknown): string;
}

/** A drawing with its height. */
export interface Block {
  readonly element: DrawingElement;
  readonly height: number;
}

const fontSize = 11;
const letterWidth = 6.2;
const rowHeight = 20;

/** The colours and what they stand for: swatches for categories, a ramp for amounts. */
export function legend(document: DrawingDocument, scale: ColourScale, width: number, theme: Theme): Block | undefined {
  const domain = (scale.domain ?? []).filter((value) => typeof value !== "number" || Number.isFinite(value));
  if (domain.length === 0) return undefined;
  return scale.type === "ordinal" || scale.type === "categorical"
    ? swatches(document, scale, domain, width, theme)
    : ramp(document, scale, domain, theme);
}

function swatches(
  document: DrawingDocument,
  scale: ColourScale,
  domain: readonly unknown[],
  width: number,
  theme: Theme,
): Block {
  const group = svgElement(document, "g", { "font-size": fontSize, "text-anchor": "start", fill: theme.ink });
  let x = 0;
  let y = 0;
  const place = (needed: number): { x: number; y: number } => {
    if (x > 0 && x + needed > width) {
      x = 0;
      y += rowHeight;
    }
    const at = { x, y };
    x += needed;
    return at;
  };
  if (scale.label !== undefined) {
    const at = place(scale.label.length * letterWidth + 14);
    group.append(svgElement(document, "text", { x: at.x, y: at.y + 13, fill: theme.muted }, scale.label));
  }
  for (const value of domain) {
    const name = String(value);
    const at = place(name.length * letterWidth + 32);
    group.append(
      svgElement(document, "rect", { x: at.x, y: at.y + 3, width: 12, height: 12, rx: 2, fill: scale.apply(value) }),
      svgElement(document, "text", { x: at.x + 17, y: at.y + 13 }, name),
    );
  }
  return { element: group, height: y + rowHeight };
}

const rampWidth = 220;
const rampSteps = 44;

function ramp(document: DrawingDocument, scale: ColourScale, domain: readonly unknown[], theme: Theme): Block {
  const low = Number(domain[0]);
  const high = Number(domain[domain.length - 1]);
  const group = svgElement(document, "g", { "font-size": fontSize, fill: theme.ink });
  // Small rectangles instead of a gradient, which would need an id that is unique on the page.
  for (let step = 0; step < rampSteps; step++) {
    const value = low + ((high - low) * (step + 0.5)) / rampSteps;
    const x = (rampWidth * step) / rampSteps;
    group.append(
      svgElement(document, "rect", {
        x,
        y: 16,
        width: rampWidth / rampSteps + 0.5,
        height: 8,
        fill: scale.apply(value),
      }),
    );
  }
  group.append(
    svgElement(document, "text", { x: 0, y: 12, "text-anchor": "start", fill: theme.muted }, scale.label ?? ""),
    svgElement(document, "text", { x: 0, y: 36, "text-anchor": "start" }, short(low)),
    svgElement(document, "text", { x: rampWidth, y: 36, "text-anchor": "end" }, short(high)),
  );
  return { element: group, height: 42 };
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
