import { relative } from "node:path";
import ts from "#typescript";
import type { Place, Problem } from "./converter.js";

/** A diagnostic of the compiler as the kernel reports it. */
export function problemOf(diagnostic: ts.Diagnostic, cell: string, folder: string): Problem {
  const file = diagnostic.file;
  const start = diagnostic.start ?? 0;
  const place = (offset: number): Place => {
    if (!file) return { line: 0, column: 0 };
    const { line, character } = file.getLineAndCharacterOfPosition(Math.min(offset, file.text.length));
    return { line, column: character };
  };
  const from = place(start);
  return {
    code: diagnostic.code,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    ...(file && file.fileName !== cell ? { file: relative(folder, file.fileName) } : {}),
    start: from,
    end: place(start + (diagnostic.length ?? 0)),
    text: file?.text.split(/\r?\n/)[from.line] ?? "",
  };
}
