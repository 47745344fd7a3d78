// What a diagram needs to be drawn: the validator and the layout, which are fetched when the first diagram is shown.
export { diagramSvg, validate } from "architech/core";
