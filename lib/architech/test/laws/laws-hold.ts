import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import { asTypeScript } from "./as-typescript.js";
import { broken, type Law } from "./laws.js";
import { reduced } from "./reduce.js";

/** Holds models against laws. Of the first that breaks one the smallest such model is printed as TypeScript. */
export function lawsHold(
  models: fc.Arbitrary<ModelDocument>,
  settings: { readonly seed: number; readonly numRuns: number },
  among?: Readonly<Record<string, Law>>,
): void {
  const property = fc.property(models, (model) => broken(model, among) === undefined);
  const { failed, counterexample, seed, counterexamplePath } = fc.check(property, { ...settings, endOnFailure: true });
  if (!failed) return;
  const [model] = counterexample!;
  const law = broken(model, among)?.law;
  const smallest = reduced(model, (smaller) => broken(smaller, among)?.law === law);
  const how = broken(smallest, among)?.how;
  throw new Error(`${law}\n${how}\n\n${asTypeScript(smallest)}\n(seed ${seed}, path ${counterexamplePath})`);
}
