import { escapeAttribute, escapeText } from "../chart/serialize.js";

/** Markup that is safe to put into a picture; made by `tag` and `words` only. */
export interface Markup {
  readonly markup: string;
}

/** An element with attributes (undefined ones are left out) around its content; everything is escaped. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...content: readonly Markup[]
): Markup {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) text += ` ${key}="${escapeAttribute(typeof value === "number" ? short(value) : value)}"`;
  const inner = content.map(({ markup }) => markup).join("");
  return { markup: inner === "" ? `${text}/>` : `${text}>${inner}</${name}>` };
}

/** Text. */
export function words(text: string): Markup {
  return { markup: escapeText(text) };
}

const short = (value: number): string => String(Math.round(value * 100) / 100);
