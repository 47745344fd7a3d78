/** A block between fences. */
export interface Block {
  /** First word behind the fence: "ts". */
  readonly language: string;
  /** The words after it, which say how the block is to be taken. */
  readonly words: readonly string[];
  readonly text: string;
  /** Line of the opening fence, from 1; the text begins on the next. */
  readonly line: number;
  /** Whether nothing but blank lines stands between the block before and this one. */
  readonly follows: boolean;
}

/** The fenced blocks of a page, in order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; words: string[]; line: number; lines: string[]; follows: boolean } | undefined;
  let isBare = false;
  text.split("\n").forEach((line, i) => {
    const info = /^```(.*)$/.exec(line)?.[1];
    if (open === undefined && info !== undefined) {
      const [language = "", ...words] = info.trim().split(/\s+/);
      open = { language, words, line: i + 1, lines: [], follows: isBare };
    } else if (open !== undefined && info !== undefined) {
      const { lines, ...block } = open;
      blocks.push({ ...block, text: lines.join("\n") });
      open = undefined;
      isBare = true;
    } else if (open !== undefined) open.lines.push(line);
    else if (line.trim() !== "") isBare = false;
  });
  return blocks;
}

/** The page without what stands between fences; lines keep their numbers. */
function proseOf(text: string): string {
  let isCode = false;
  return text
    .split("\n")
    .map((line) => {
      const isFence = line.startsWith("```");
      if (isFence) isCode = !isCode;
      return isCode || isFence ? "" : line;
    })
    .join("\n");
}

/** Anchors of a page's headings, as code hosting sites make them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Targets of the links and images of a page, each with its line. */
export function linksOf(text: string): { readonly target: string; readonly line: number }[] {
  return proseOf(text)
    .split("\n")
    .flatMap((line, i) =>
      [...line.replace(/`[^`]*`/g, "").matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(
        ([, target = ""]) => ({
          target,
          line: i + 1,
        }),
      ),
    );
}

/** The text of a section, from its heading to the next of the same or a higher level. Undefined where there is none. */
export function sectionOf(text: string, heading: string): string | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^#{1,6} /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) return undefined;
  const level = /^#+/.exec(lines[start] ?? "")?.[0].length ?? 1;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^#+(?= )/.exec(line)?.[0].length ?? 7) <= level);
  return rest.slice(0, end < 0 ? undefined : end).join("\n");
}

/** The rows of the tables in a text, each as its cells; head and rule are left out. */
export function tableRowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let isBody = false;
  for (const line of proseOf(text).split("\n")) {
    if (!line.startsWith("|")) isBody = false;
    else if (/^\|[\s:|-]+\|$/.test(line)) isBody = true;
    else if (isBody)
      rows.push(
        line
          .slice(1, line.lastIndexOf("|"))
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      );
  }
  return rows;
}
