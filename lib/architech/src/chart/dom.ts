/** What drawing needs of a DOM: the browser's has it, and so has linkedom's. */
export interface DrawingDocument {
  createElementNS(namespace: string, name: string): DrawingElement;
}

export interface DrawingNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DrawingNode>;
}

export interface DrawingElement extends DrawingNode {
  readonly localName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  append(...nodes: (DrawingElement | string)[]): void;
}

/** The namespace of SVG. */
export const svgNamespace = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and content; undefined attributes are left out. */
export function svgElement(
  document: DrawingDocument,
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...content: (DrawingElement | string)[]
): DrawingElement {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) element.setAttribute(key, String(value));
  element.append(...content);
  return element;
}
