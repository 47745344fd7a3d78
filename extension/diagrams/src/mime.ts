import type { diagramMime } from "architech/core";

/** Mime type of a diagram; checked by its type, so that it needs nothing of the library before a diagram is drawn. */
export const diagramMimeType: typeof diagramMime = "application/vnd.architech.diagram.v1+json";
