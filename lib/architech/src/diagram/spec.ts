import type { ModelDocument } from "../model/document.js";

/** What is known of a node beside its settings: shares from 0 to 1, and how many replicas there were on average. */
export interface NodeValues {
  readonly util?: number;
  readonly replicas?: number;
}

/** What stands in a notebook under `diagramMime`. */
export interface DiagramDocument {
  readonly version: 1;
  readonly model: ModelDocument;
  readonly values?: Readonly<Record<string, NodeValues>>;
}

/** Mime type of a diagram. */
export const diagramMime = "application/vnd.architech.diagram.v1+json";
