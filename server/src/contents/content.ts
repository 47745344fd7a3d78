import { createHash } from "node:crypto";
import { ArchitechError } from "@architech/protocol";
import { lookup } from "mime-types";
import { checkNotebook, formatNotebook, type Notebook, parseNotebook } from "./notebook.js";

/** All bytes of a stream; throws `document-invalid` above the limit. */
export async function collect(bytes: AsyncIterable<Uint8Array>, limit: number, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit)
      throw new ArchitechError("document-invalid", `"${path}" has more than ${limit} bytes: download it instead`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** What a file's bytes are in a model: text where they are UTF-8 (or must be), else base64. */
export function fileContent(
  bytes: Buffer,
  path: string,
  format: string | undefined,
): { content: string; format: "text" | "base64"; mimetype: string } {
  const text = format === "base64" ? undefined : utf8(bytes);
  if (text === undefined && format === "text")
    throw new ArchitechError("document-invalid", `"${path}" is not UTF-8 text: ask for base64`);
  const fallback = text === undefined ? "application/octet-stream" : "text/plain";
  const mimetype = mimetypeOf(path) ?? fallback;
  return text === undefined
    ? { content: bytes.toString("base64"), format: "base64", mimetype }
    : { content: text, format: "text", mimetype };
}

/** The media type that a file's name says; TypeScript is text here, not the video stream of the same extension. */
export function mimetypeOf(path: string): string | undefined {
  if (/\.[mc]?tsx?$/.test(path)) return "text/x-typescript";
  if (path.endsWith(".ipynb")) return "application/x-ipynb+json";
  return lookup(path) || undefined;
}

/** The bytes that a model sent by a client stands for; a notebook comes back parsed too. Throws `document-invalid`. */
export function bytesOf(model: Record<string, unknown>, path: string): { bytes: Buffer; notebook?: Notebook } {
  const { type, format, content } = model;
  if (type === "notebook") {
    if (format !== undefined && format !== null && format !== "json")
      throw new ArchitechError("document-invalid", `a notebook's format is "json", not ${JSON.stringify(format)}`);
    const notebook = checkNotebook(content, path);
    return { bytes: Buffer.from(formatNotebook(notebook)), notebook };
  }
  if (typeof content !== "string")
    throw new ArchitechError("document-invalid", `the content of "${path}" is ${typeof content}, not a string`);
  if (format === "text") return { bytes: Buffer.from(content) };
  if (format !== "base64")
    throw new ArchitechError(
      "document-invalid",
      `a file's format is "text" or "base64", not ${JSON.stringify(format)}`,
    );
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content))
    throw new ArchitechError("document-invalid", `the content of "${path}" is not base64`);
  return { bytes: Buffer.from(content, "base64") };
}

/** A notebook out of its file's bytes. */
export function notebookOf(bytes: Buffer, path: string): Notebook {
  const text = utf8(bytes);
  if (text === undefined) throw new ArchitechError("notebook-corrupt", `"${path}" is not a notebook: it is not UTF-8`);
  return parseNotebook(text, path);
}

/** SHA-256 in hex, as Jupyter's `hash`. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
