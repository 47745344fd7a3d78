import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ArchitechError } from "@architech/protocol";
import type { Request, RequestHandler, Response } from "express";
import { lookup } from "mime-types";
import { normalPath } from "../contents/path.js";

const encodings = [
  { name: "br", extension: ".br" },
  { name: "gzip", extension: ".gz" },
] as const;

/** A hash of the content between dots or dashes: such a name never means other bytes. */
const hashedName = /[.-](?=[\w]*\d)[0-9a-zA-Z_]{8,}\.[\w.]+$/;

/** How long a client may keep files, and who. */
export interface StaticOptions {
  /** Those whose name does not tell their content. */
  readonly maxAgeSeconds?: number;
  /** Also caches that many share, and pages of other origins. */
  readonly forEverybody?: boolean;
}

/** Serves the files below a folder; a file that was compressed beforehand is sent so to whoever takes it. */
export function staticFiles(folder: string, options: StaticOptions = {}): RequestHandler {
  return async (request: Request<Record<string, string | string[]>>, response: Response) => {
    const segments = request.params["path"] ?? [];
    const path = normalPath(Array.isArray(segments) ? segments.join("/") : segments);
    const file = join(folder, path);
    const found = await pick(file, request);
    if (found === undefined) throw new ArchitechError("not-found", `no file ${request.path}`);
    response.type(typeOf(file));
    response.vary("Accept-Encoding");
    if (found.encoding !== undefined) response.setHeader("Content-Encoding", found.encoding);
    response.setHeader("ETag", `"${found.mtimeMs.toString(36)}-${found.size.toString(36)}-${found.encoding ?? ""}"`);
    response.setHeader("Last-Modified", new Date(found.mtimeMs).toUTCString());
    response.setHeader("Cache-Control", cacheControl(path, options));
    if (options.forEverybody) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    }
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    response.setHeader("Content-Length", found.size);
    if (request.method === "HEAD") response.end();
    // When the reader goes away there is nobody left to tell.
    else await pipeline(createReadStream(found.file), response).catch(() => response.destroy());
  };
}

interface Found {
  file: string;
  size: number;
  mtimeMs: number;
  encoding?: string;
}

async function pick(file: string, request: Request<Record<string, string | string[]>>): Promise<Found | undefined> {
  for (const { name, extension } of encodings) {
    if (request.acceptsEncodings(name) !== name) continue;
    const packed = await fileAt(`${file}${extension}`);
    if (packed !== undefined) return { ...packed, encoding: name };
  }
  return fileAt(file);
}

async function fileAt(file: string): Promise<Found | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() ? { file, size: stats.size, mtimeMs: Math.floor(stats.mtimeMs) } : undefined;
}

function typeOf(file: string): string {
  if (extname(file) === ".map") return "application/json";
  return lookup(file) || "application/octet-stream";
}

function cacheControl(path: string, { maxAgeSeconds = 0, forEverybody = false }: StaticOptions): string {
  const who = forEverybody ? "public" : "private";
  if (hashedName.test(path)) return `${who}, max-age=31536000, immutable`;
  return maxAgeSeconds > 0 ? `${who}, max-age=${maxAgeSeconds}` : `${who}, no-cache`;
}
