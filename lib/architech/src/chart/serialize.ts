import { type DrawingElement, type DrawingNode, svgNamespace } from "./dom.js";
import type { Theme } from "./theme.js";

/** Elements that a picture has no need of, or that a page which shows pictures would have to fear. */
const leftOut: ReadonlySet<string> = new Set(["style", "script", "foreignobject", "iframe", "image", "a"]);

const elementNode = 1;
const textNode = 3;

/**
 * An SVG element as text that stands alone: its namespace named, every colour explicit, nothing that is fetched or run.
 * The same text from every DOM.
 */
export function serialize(svg: DrawingElement, theme: Theme): string {
  return write(svg, theme, true);
}

function write(element: DrawingElement, theme: Theme, isRoot: boolean): string {
  const name = element.localName;
  if (leftOut.has(name.toLowerCase())) return "";
  let text = `<${name}`;
  if (isRoot) text += ` xmlns="${svgNamespace}"`;
  for (const { name: key, value } of element.attributes) {
    if (isDropped(key, value)) continue;
    text += ` ${key}="${escapeAttribute(explicit(value, theme))}"`;
  }
  let content = "";
  for (const child of element.childNodes) content += writeChild(child, theme);
  return content === "" ? `${text}/>` : `${text}>${content}</${name}>`;
}

function writeChild(node: DrawingNode, theme: Theme): string {
  if (node.nodeType === elementNode) return write(node as DrawingElement, theme, false);
  return node.nodeType === textNode ? escapeText(node.textContent ?? "") : "";
}

function isDropped(name: string, value: string): boolean {
  if (name === "xmlns" || name === "class" || name.startsWith("on") || name.endsWith("href")) return true;
  return /url\s*\(\s*["']?[^#"'\s]/i.test(value);
}

/** Replaces what only a page could fill in. */
function explicit(value: string, theme: Theme): string {
  return value.replace(/currentColor/gi, theme.ink).replace(/var\(--plot-background\)/g, theme.background);
}

// Characters that no XML document may hold at all are left out.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it stands between tags. */
export function escapeText(text: string): string {
  return text.replace(forbidden, "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Text as it stands in a quoted attribute. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, "&quot;").replace(/\n/g, "&#10;");
}
