import { type Block, blocksOf } from "./markdown.js";
import type { Page } from "./pages.js";

/**
 * How a block of a page is taken, said by the word behind `ts` at its fence:
 *
 * - none: a script of its own;
 * - `continue`: goes on where the block before it ended;
 * - `server`: a script that finds a server in ARCHITECH_SERVER and ARCHITECH_TOKEN;
 * - `prometheus`: a script that finds a Prometheus in PROMETHEUS_URL;
 * - `cell`: a cell of a notebook; all cells of a page run one after another in one kernel;
 * - `wrong`: a script that the compiler refuses.
 *
 * A block of `text` that directly follows is what it prints, or what the compiler says.
 */
export type Kind = "script" | "server" | "prometheus" | "cell" | "wrong";

/** One block, with what the page says that it prints. */
export interface Part {
  readonly line: number;
  readonly text: string;
  readonly output?: string;
}

/** What runs as one: a block and those that continue it. */
export interface Example {
  readonly page: string;
  readonly kind: Kind;
  readonly parts: readonly Part[];
}

const words = new Map<string, Kind | "continue">([
  ["", "script"],
  ["continue", "continue"],
  ["server", "server"],
  ["prometheus", "prometheus"],
  ["cell", "cell"],
  ["wrong", "wrong"],
]);

/** The examples of a page. Throws on a word that says nothing. */
export function examplesOf({ path, text }: Page): Example[] {
  const examples: { page: string; kind: Kind; parts: Part[] }[] = [];
  const blocks = blocksOf(text);
  for (const [i, block] of blocks.entries()) {
    if (block.language !== "ts") continue;
    const kind = words.get(block.words.join(" "));
    if (kind === undefined)
      throw new Error(`${path}:${block.line}: "${block.words.join(" ")}" says nothing of a block`);
    const part = partOf(block, blocks[i + 1]);
    const last = examples.at(-1);
    if (kind !== "continue") examples.push({ page: path, kind, parts: [part] });
    else if (last !== undefined) last.parts.push(part);
    else throw new Error(`${path}:${block.line}: there is nothing to continue`);
  }
  return examples;
}

function partOf({ line, text }: Block, next: Block | undefined): Part {
  const isOutput = next?.follows === true && next.language === "text";
  return { line, text, ...(isOutput ? { output: next.text } : {}) };
}

/** Printed on a line of its own where a part of an example begins, so that each part's output is known. */
export const partMark = "\u0000part";

/** A script with every line where it stands on the page, so that the compiler and stack traces name the page's lines. */
export function scriptOf({ parts }: Example): string {
  const lines: string[] = [];
  for (const { line, text } of parts) {
    while (lines.length < line - 1) lines.push("");
    lines.push(`console.log(${JSON.stringify(partMark)});`, ...text.split("\n"));
  }
  return `${lines.join("\n")}\nexport {};\n`;
}
