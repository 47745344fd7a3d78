import type { DrawingElement, DrawingNode } from "./dom.js";
import type { ColourScale } from "./legend.js";
import { object } from "./scales.js";

type Options = Readonly<Record<string, unknown>>;

/** A drawing as Plot gives it, with its scales. */
export interface Drawn extends DrawingElement {
  scale(name: string): ColourScale | undefined;
}

/** Plot's own margins beside the frame. */
const margins = { left: 40, right: 20 };
const digitWidth = 6.8;
/** A tick, and the gaps on both sides of it. */
const besideLabel = 12;

/** What a scale's options lack where all values are the same: Plot would print them with six decimals, and cut them off. */
export function wider(drawn: Drawn, options: Options): Options {
  const found = (["x", "y"] as const).flatMap((name) => {
    const scale = drawn.scale(name);
    const [low, high] = scale?.domain ?? [];
    if (scale === undefined || typeof low !== "number" || !Number.isFinite(low) || low !== high) return [];
    const given = object(options[name]);
    if (given["domain"] !== undefined || scale.domain?.length !== 2) return [];
    return [[name, { ...given, domain: around(low, scale.type) }] as const];
  });
  return Object.fromEntries(found);
}

function around(value: number, type: string): readonly [number, number] {
  if (value === 0) return [0, 1];
  if (type === "log") return value > 0 ? [value / 2, value * 2] : [value * 2, value / 2];
  return [value - Math.abs(value) / 2, value + Math.abs(value) / 2];
}

/** Margins that the labels of the axes need and do not have. */
export function roomier(drawn: Drawn, options: Options): Options {
  if (options["margin"] !== undefined) return {};
  const left = Math.ceil(longest(drawn, "y-axis tick label") * digitWidth + besideLabel);
  const right = Math.ceil((longest(drawn, "x-axis tick label") * digitWidth) / 2 + 2);
  return {
    ...(options["marginLeft"] === undefined && left > margins.left ? { marginLeft: left } : {}),
    ...(options["marginRight"] === undefined && right > margins.right ? { marginRight: right } : {}),
  };
}

/** Letters of the longest label in the groups of that name. */
function longest(element: DrawingElement, group: string): number {
  let most = 0;
  const look = (node: DrawingNode, isInside: boolean): void => {
    if (!isElement(node)) return;
    const inside = isInside || node.getAttribute("aria-label") === group;
    if (inside && node.localName === "text") most = Math.max(most, (node.textContent ?? "").length);
    for (const child of node.childNodes) look(child, inside);
  };
  look(element, false);
  return most;
}

const isElement = (node: DrawingNode): node is DrawingElement => node.nodeType === 1;
