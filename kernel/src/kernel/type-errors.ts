import type { Problem } from "../converter/converter.js";
import type { Failure } from "../process/messages.js";

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

/** How many complaints are shown; what follows is most often a consequence. */
const shown = 10;

/** The compiler's complaints as Jupyter shows an error: each with its line and column, counted from one. */
export function typeFailure(problems: readonly Problem[]): Failure {
  const some = problems.slice(0, shown);
  const more = problems.length - some.length;
  const traceback = some.flatMap((problem) => [
    `${place(problem)} ${red(bold(`TS${problem.code}`))}: ${problem.message}`,
    quote(problem),
  ]);
  if (more > 0) traceback.push(`and ${more} more`);
  return {
    name: `TS${problems[0]?.code ?? 0}`,
    message: some.map((problem) => `${place(problem)} ${problem.message}`).join("\n"),
    traceback,
  };
}

const place = ({ file, start }: Problem): string => `${file ? `${file}:` : ""}${start.line + 1}:${start.column + 1}`;

/** The line, with the words in question underlined. */
function quote({ text, start, end }: Problem): string {
  const to = end.line === start.line ? end.column : text.length;
  // tabs stay tabs, so that the marks stand below what they mark
  const space = text.slice(0, start.column).replace(/[^\t]/g, " ");
  return `  ${text}\n  ${space}${red("~".repeat(Math.max(1, to - start.column)))}`;
}
