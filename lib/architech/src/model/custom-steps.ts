import { ArchitechError } from "@architech/protocol";
import { quoted } from "../units/amount.js";
import { place } from "./check.js";
import { codeOf } from "./custom.js";
import type { ModelDocument } from "./document.js";
import type { Path } from "./shape.js";
import type { StepDocument } from "./step-document.js";
import { sequencesOf, walkSteps } from "./walk.js";

/** A step of a document that a function decides. */
export type CustomStepDocument = Extract<StepDocument, { do: "custom" }>;

/** The custom steps of a document, and where each stands. */
export function customSteps(
  document: ModelDocument,
): readonly { readonly step: CustomStepDocument; readonly path: Path }[] {
  const found: { readonly step: CustomStepDocument; readonly path: Path }[] = [];
  for (const { steps, path } of sequencesOf(document))
    walkSteps(steps, path, (step, at) => {
      if (step.do === "custom") found.push({ step, path: at });
    });
  return found;
}

/** Whether a function in this process has a say in what a document does. */
export function hasCode(document: ModelDocument): boolean {
  return customSteps(document).some(({ step }) => codeOf(step) !== undefined);
}

/**
 * Whether functions have a say in what a document does. Throws `custom-missing`, naming the step, where one is not in
 * this process: the document was read from a file, or came from elsewhere.
 */
export function isDecidedHere(document: ModelDocument): boolean {
  const found = customSteps(document);
  for (const { step, path } of found) if (codeOf(step) === undefined) throw missing(step, path);
  return found.length > 0;
}

/** What is wrong with a custom step whose function is not here. */
export function missing({ name }: CustomStepDocument, path: Path): ArchitechError {
  return new ArchitechError(
    "custom-missing",
    `${place(path)} is the custom step ${quoted(name)}, whose function is not here: a document holds its name only, so run the model in the process that made it with custom()`,
    { path },
  );
}
