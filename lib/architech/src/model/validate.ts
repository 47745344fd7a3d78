import { check } from "./check.js";
import { checkKeys } from "./check-keys.js";
import type { ModelDocument } from "./document.js";
import { checkEnds } from "./endless.js";
import { documentShape } from "./format.js";
import { checkWiring } from "./wiring.js";

/** Documents that were found good; they are frozen, so they still are. */
const good = new WeakSet<object>();

/**
 * Holds a value of any origin (a file, a request) against everything that a model must be, and returns it as a frozen
 * document of plain data. Throws `ArchitechError` with the path of the first thing that is wrong, and nothing else:
 * `model-invalid`, `model-too-large`, `name-invalid`, `node-unknown`, `wiring-invalid`, `operation-unknown`, `cycle-endless`.
 */
export function validate(document: unknown): ModelDocument {
  if (typeof document === "object" && document !== null && good.has(document)) return document as ModelDocument;
  const checked = check(documentShape, document, []) as ModelDocument;
  checkWiring(checked);
  checkEnds(checked);
  checkKeys(checked);
  return vouch(checked);
}

/** Freezes a document that is known to be good, so that `validate` returns it as it is. */
export function vouch(document: ModelDocument): ModelDocument {
  good.add(Object.freeze(document));
  return document;
}
