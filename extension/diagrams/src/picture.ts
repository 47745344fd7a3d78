import { ArchitechError } from "@architech/protocol";
import type { NodeValues } from "architech/core";

/** Characters of a document that are read; a model of a thousand nodes has fewer. */
const mostCharacters = 4 << 20;

/** The picture of a model that may come from anywhere. Throws an `ArchitechError` that says what is wrong with it. */
export async function pictureOf(model: unknown, values?: unknown): Promise<SVGSVGElement> {
  const { diagramSvg, validate } = await import("./heavy.js");
  const svg = await diagramSvg(validate(model), readValues(values));
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") throw new ArchitechError("internal", "the diagram of this model is no picture");
  return document.importNode(parsed as unknown as SVGSVGElement, true);
}

/** The picture of a `*.arch.json` document's text. */
export async function pictureOfText(text: string): Promise<SVGSVGElement> {
  if (text.length > mostCharacters)
    throw new ArchitechError(
      "model-too-large",
      `a model's document has at most ${mostCharacters} characters, this one has ${text.length}`,
    );
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw new ArchitechError("model-invalid", `not a model: ${cause instanceof Error ? cause.message : "no JSON"}`, {
      cause,
    });
  }
  return pictureOf(model);
}

function readValues(values: unknown): Readonly<Record<string, NodeValues>> | undefined {
  if (typeof values !== "object" || values === null) return undefined;
  const number = (value: unknown): number | undefined =>
    typeof value === "number" && Number.isFinite(value) ? value : undefined;
  return Object.fromEntries(
    Object.entries(values).map(([node, of]: [string, { util?: unknown; replicas?: unknown } | null]) => {
      const util = number(of?.util);
      const replicas = number(of?.replicas);
      return [node, { ...(util === undefined ? {} : { util }), ...(replicas === undefined ? {} : { replicas }) }];
    }),
  );
}
