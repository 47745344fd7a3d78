import { currentHost, displayMethod, type MimeBundle } from "../chart/host.js";
import type { ModelDocument } from "../model/document.js";
import { validate } from "../model/validate.js";
import { diagramSvg } from "./draw.js";
import { type DiagramDocument, diagramMime, type NodeValues } from "./spec.js";

/** What a diagram is drawn of: a model, or a model's document. */
export type Drawable = { toJSON(): ModelDocument } | ModelDocument;

/** Where a diagram takes from how busy each node was: the result of a run. */
export interface Measured {
  readonly metrics: readonly string[];
  estimate(metric: never): { readonly mean: number };
}

/** A diagram of a model. */
export interface Diagram {
  readonly document: DiagramDocument;
  /** Resolves when it has been shown. */
  readonly done: Promise<void>;
  /** The diagram as the text of an SVG that stands alone. */
  svg(): Promise<string>;
  /** As the result of a cell: nothing where the diagram has been shown already. */
  [displayMethod](): Promise<MimeBundle | undefined>;
}

/**
 * Draws a model: a box for each node, an arrow for each use of one by another. With a run's result each box shows how
 * busy its node was. In a notebook the diagram is shown; in a script `await diagram(shop).svg()` is the picture.
 */
export function diagram(of: Drawable, result?: Measured): Diagram {
  const model = validate("toJSON" in of ? of.toJSON() : of);
  const values = result === undefined ? undefined : valuesOf(model, result);
  const document: DiagramDocument = { version: 1, model, ...(values === undefined ? {} : { values }) };
  const svg = (): Promise<string> => diagramSvg(model, values);
  const bundle = async (): Promise<MimeBundle> => ({
    [diagramMime]: JSON.parse(JSON.stringify(document)),
    "image/svg+xml": await svg(),
    "text/plain": diagramText(model),
  });
  const host = currentHost();
  const done = host === undefined ? Promise.resolve() : bundle().then((shown) => host.display(shown));
  // Rejects only for whoever waits for it.
  done.catch(() => {});
  return {
    document,
    done,
    svg,
    async [displayMethod]() {
      if (host === undefined) return bundle();
      await done;
      return undefined;
    },
  };
}

function valuesOf(model: ModelDocument, result: Measured): Record<string, NodeValues> {
  const known = new Set(result.metrics);
  const mean = (metric: string): number | undefined => {
    if (!known.has(metric)) return undefined;
    const { mean } = result.estimate(metric as never);
    return Number.isNaN(mean) ? undefined : mean;
  };
  const entries = Object.keys(model.nodes).map((node): [string, NodeValues] => {
    const util = mean(`${node}.util`);
    const replicas = mean(`${node}.replicas`);
    return [node, { ...(util === undefined ? {} : { util }), ...(replicas === undefined ? {} : { replicas }) }];
  });
  return Object.fromEntries(entries);
}

/** A model in one line. */
function diagramText(model: ModelDocument): string {
  return `[diagram: ${Object.entries(model.nodes)
    .map(([name, { kind }]) => `${name} (${kind})`)
    .join(", ")}]`;
}
