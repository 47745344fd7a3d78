import { ArchitechError } from "@architech/protocol";
import { check, place } from "../model/check.js";
import type { ObjectShape, Path } from "../model/shape.js";
import { quoted } from "../units/amount.js";
import { yaml } from "./yaml-library.js";

/** As much text as a manifest may have. */
const longest = 1_000_000;

/** What a manifest is known by. */
export interface ManifestKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * The one document of this kind in some YAML, without `metadata` and `status`, which say nothing of scaling.
 * Throws `manifest-invalid` for text that is no YAML, or when there is none of them or several.
 */
export function documentOf(text: string, { apiVersion, kind }: ManifestKind): Readonly<Record<string, unknown>> {
  if (typeof text !== "string") wrong([], `is ${quoted(text)}: the text of a YAML manifest is expected`);
  if (text.length > longest) wrong([], `has ${text.length} characters, more than ${longest}`);
  const documents = yaml().parseAllDocuments(text);
  if (!Array.isArray(documents)) return wrong([], `is empty: a ${kind} is expected`);
  for (const { errors } of documents)
    if (errors.length > 0) wrong([], `is no YAML: ${errors[0]!.message.split("\n")[0]}`);
  const values = documents.map((document) => plain(document)).filter((value) => value !== undefined);
  const found = values.filter((value) => value["kind"] === kind);
  if (found.length !== 1)
    return wrong(
      ["kind"],
      found.length > 1
        ? `is ${kind} in ${found.length} documents: one is expected`
        : `is ${quoted(values[0]?.["kind"])}: ${kind} is expected`,
    );
  const { metadata, status, ...rest } = found[0]!;
  void status;
  if (rest["apiVersion"] !== apiVersion)
    wrong(["apiVersion"], `is ${quoted(rest["apiVersion"])}: ${apiVersion} is read`);
  if (metadata !== undefined && (typeof metadata !== "object" || metadata === null))
    wrong(["metadata"], `is ${quoted(metadata)}: an object is expected`);
  return { ...rest, metadata };
}

function plain(document: { toJS(): unknown }): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (cause) {
    return wrong([], `cannot be read: ${(cause as Error).message}`);
  }
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) wrong([], `is ${quoted(value)}: an object is expected`);
  return value as Readonly<Record<string, unknown>>;
}

/** Holds a part of a manifest against its shape; a field that the shape does not know is named and refused. */
export function checked<T>(shape: ObjectShape, value: unknown, path: Path): T {
  try {
    return check(shape, value, path) as T;
  } catch (error) {
    if (error instanceof ArchitechError)
      throw new ArchitechError("manifest-invalid", error.message.replace(/^the model /, "the manifest "), {
        path: error.path,
        cause: error,
      });
    throw error;
  }
}

/** Throws `manifest-invalid`, with the place before the message. */
export function wrong(path: Path, message: string): never {
  const where = path.length === 0 ? "the manifest" : place(path);
  throw new ArchitechError("manifest-invalid", `${where} ${message}`, { path });
}
