/** A piece of source: a text, or items between brackets, which stand on one line if they fit. */
export type Source = string | { readonly open: string; readonly items: readonly Source[]; readonly close: string };

const width = 100;

const flat = (source: Source): string => {
  if (typeof source === "string") return source;
  const { open, items, close } = source;
  const space = close === "}" && items.length > 0 ? " " : "";
  return `${open}${space}${items.map(flat).join(", ")}${space}${close}`;
};

/** The source as text, from this column on. */
export function written(source: Source, indent = "", column: number = indent.length): string {
  const text = flat(source);
  if (typeof source === "string" || source.items.length === 0 || column + text.length <= width) return text;
  const hugged = hug(source, indent);
  if (hugged !== undefined) return hugged;
  const inner = `${indent}  `;
  const items = source.items.map((item) => `${inner}${written(item, inner)},\n`);
  return `${source.open}\n${items.join("")}${indent}${source.close}`;
}

/** A call whose last argument alone is too long opens it on its own line: `service({`. */
function hug({ open, items, close }: Exclude<Source, string>, indent: string): string | undefined {
  const last = items.at(-1)!;
  const head =
    open +
    items
      .slice(0, -1)
      .map((item) => `${flat(item)}, `)
      .join("");
  if (close !== ")" || typeof last === "string" || indent.length + head.length + last.open.length > width)
    return undefined;
  return head + written(last, indent, indent.length + head.length) + close;
}

export const callOf = (name: string, ...items: readonly Source[]): Source => ({ open: `${name}(`, items, close: ")" });
export const list = (items: readonly Source[]): Source => ({ open: "[", items, close: "]" });

/** Something behind a text: `"rate: "` and its value. */
export const behind = (text: string, source: Source): Source =>
  typeof source === "string" ? text + source : { ...source, open: text + source.open };

const isIdentifier = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text);

/** An object's fields; those that are undefined are left out. */
export const fields = (of: Readonly<Record<string, Source | undefined>>): Source => ({
  open: "{",
  items: Object.entries(of).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return value === key ? [key] : [behind(`${isIdentifier(key) ? key : JSON.stringify(key)}: `, value)];
  }),
  close: "}",
});
