import type { Shape } from "./shape.js";
import { object, optional, required } from "./shape-parts.js";

/** Which key something is for. */
export const keys: Shape = object("keys", {
  count: required({ shape: "number", min: 1, max: 1e9, whole: true }),
  skew: optional({ shape: "number", min: 0, max: 10 }, "Key k has a probability proportional to k^-skew. Default 0."),
});
