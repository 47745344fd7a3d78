import type { ConverterThread } from "../converter/converter-thread.js";
import { charactersOf, unitsOf } from "./cursor.js";

type Content = Record<string, unknown>;

/** Where the cursor is, in UTF-16 units; at the end when the client does not say. */
function cursorOf(content: Content): { code: string; offset: number } {
  const code = String(content["code"] ?? "");
  const position = content["cursor_pos"];
  return { code, offset: typeof position === "number" ? unitsOf(code, position) : code.length };
}

/** Answers a complete request; JupyterLab and VS Code read the kinds from the experimental metadata. */
export async function complete(converter: ConverterThread, content: Content): Promise<Content> {
  const { code, offset } = cursorOf(content);
  const { start, end, candidates } = await converter.complete(code, offset);
  const range = { start: charactersOf(code, start), end: charactersOf(code, end) };
  return {
    status: "ok",
    matches: candidates.map(({ text }) => text),
    cursor_start: range.start,
    cursor_end: range.end,
    metadata: { _jupyter_types_experimental: candidates.map(({ text, kind }) => ({ ...range, text, type: kind })) },
  };
}

/** Answers an inspect request. */
export async function inspect(converter: ConverterThread, content: Content): Promise<Content> {
  const { code, offset } = cursorOf(content);
  const found = await converter.inspect(code, offset);
  if (!found) return { status: "ok", found: false, data: {}, metadata: {} };
  const { signature, documentation } = found;
  const data = {
    "text/plain": documentation === "" ? signature : `${signature}\n\n${documentation}`,
    "text/markdown": `\`\`\`typescript\n${signature}\n\`\`\`${documentation === "" ? "" : `\n\n${documentation}`}`,
  };
  return { status: "ok", found: true, data, metadata: {} };
}

/** Answers an is_complete request. */
export async function isComplete(converter: ConverterThread, content: Content): Promise<Content> {
  return { ...(await converter.isComplete(String(content["code"] ?? ""))) };
}
