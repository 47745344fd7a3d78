import type ts from "typescript";
import type { Candidate, Completion } from "./converter.js";

const word = /[\p{ID_Continue}$]*$/u;

/** How well a name answers to what was typed: 0 starts with it, 1 with other case, 2 contains it, undefined not at all. */
function rank(name: string, typed: string): number | undefined {
  if (name.startsWith(typed)) return 0;
  const [lower, sought] = [name.toLowerCase(), typed.toLowerCase()];
  if (lower.startsWith(sought)) return 1;
  return lower.includes(sought) ? 2 : undefined;
}

/** What could stand at an offset of a file, the best first. */
export function completionAt(service: ts.LanguageService, fileName: string, code: string, offset: number): Completion {
  const info = service.getCompletionsAtPosition(fileName, offset, {});
  const span = info?.optionalReplacementSpan;
  const start = span?.start ?? offset - (word.exec(code.slice(0, offset))?.[0].length ?? 0);
  const end = span ? span.start + span.length : offset;
  if (!info) return { start: offset, end: offset, candidates: [] };
  const typed = code.slice(start, offset);
  const candidates = info.entries
    .filter((entry) => !entry.name.startsWith("__cell_"))
    .map((entry) => ({ entry, rank: rank(entry.name, typed) }))
    .filter((one): one is { entry: ts.CompletionEntry; rank: number } => one.rank !== undefined)
    .sort(
      (a, b) => a.rank - b.rank || compare(a.entry.sortText, b.entry.sortText) || compare(a.entry.name, b.entry.name),
    )
    .map(({ entry }): Candidate => ({ text: entry.name, kind: entry.kind }));
  return { start, end, candidates };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
