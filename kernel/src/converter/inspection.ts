import ts from "#typescript";
import type { Inspection } from "./converter.js";

/** The type and documentation of the name at an offset, or just before it. */
export function inspectionAt(service: ts.LanguageService, fileName: string, offset: number): Inspection | undefined {
  const info =
    service.getQuickInfoAtPosition(fileName, offset) ??
    (offset > 0 ? service.getQuickInfoAtPosition(fileName, offset - 1) : undefined);
  if (!info) return undefined;
  const tags = (info.tags ?? []).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`.trimEnd());
  const documentation = [ts.displayPartsToString(info.documentation), ...tags].filter((part) => part !== "").join("\n");
  return { signature: ts.displayPartsToString(info.displayParts), documentation };
}
