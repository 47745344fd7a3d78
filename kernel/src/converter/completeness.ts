import ts from "#typescript";
import type { Completeness } from "./converter.js";

// what the parser says when the text stops inside a comment, a template or a regular expression
const unterminated = new Set([1010, 1160, 1161]);
// a string cannot go on in the next line
const unterminatedString = 1002;

/** Whether code is a whole cell, could become one with more text, or never will. */
export function completeness(code: string): Completeness {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest) as ts.SourceFile & {
    parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  };
  const [first] = file.parseDiagnostics;
  if (!first) return { status: "complete" };
  const atEnd = first.start >= code.trimEnd().length && first.code !== unterminatedString;
  if (!atEnd && !unterminated.has(first.code)) return { status: "invalid" };
  return { status: "incomplete", indent: indentAfter(code) };
}

/** The indent of the last line, two spaces deeper after an opening bracket. */
function indentAfter(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  return /[[({]$|=>$/.test(line) ? `${indent}  ` : indent;
}
