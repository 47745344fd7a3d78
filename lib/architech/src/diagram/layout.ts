import type { ModelDocument } from "../model/document.js";
import type { Arrow, Box, Frame, Graph } from "./graph.js";
import { insets } from "./shapes.js";

/** A point in the diagram's own coordinates. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a box lies. */
export interface BoxPlace extends Place {
  readonly box: Box;
  readonly width: number;
  readonly height: number;
}

/** Where an arrow runs, and where its label's middle is. */
export interface ArrowPlace {
  readonly arrow: Arrow;
  readonly points: readonly Place[];
  readonly label: string;
  readonly labelAt: Place;
}

/** Where a frame lies. */
export interface FramePlace extends Place {
  readonly frame: Frame;
  readonly width: number;
  readonly height: number;
}

/** A diagram laid out. */
export interface Layout {
  /** Outer frames before those within. */
  readonly frames: readonly FramePlace[];
  readonly boxes: readonly BoxPlace[];
  readonly arrows: readonly ArrowPlace[];
}

const boxHeight = 74;
const letterWidth = 7.6;
const smallLetterWidth = 5.7;

/** Width of a box, so that its name and settings fit; very long names are cut. */
export function boxWidth({ name, settings, kind }: Box): number {
  const around = insets[kind].left + insets[kind].right + 44;
  return Math.round(
    Math.min(280, Math.max(148, around + Math.max(name.length * letterWidth, settings.length * smallLetterWidth))),
  );
}

/** The operations of an arrow in a few words. */
export function arrowLabel({ ops, kind }: Arrow): string {
  if (kind === "miss") return "on a miss";
  const short = ops.slice(0, 2).map((op) => (op.length > 18 ? `${op.slice(0, 17)}…` : op));
  return short.join(", ") + (ops.length > 2 ? ` +${ops.length - 2}` : "");
}

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "38",
  "elk.spacing.nodeNode": "34",
  "elk.spacing.edgeNode": "22",
  "elk.spacing.edgeEdge": "14",
  "elk.layered.spacing.edgeNodeBetweenLayers": "22",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.edgeLabels.inline": "false",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
};

/** Room in a frame around its boxes; its name stands above them. */
const inFrame = { top: 30, side: 16, bottom: 16 };

/** Of a graph with frames: arrows cross them, and all that lies in one is placed as if it lay outside. */
const framed = {
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
};
const frameOptions = {
  "elk.padding": `[top=${inFrame.top},left=${inFrame.side},bottom=${inFrame.bottom},right=${inFrame.side}]`,
};

interface ElkShape {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly children?: readonly ElkShape[];
}

interface ElkResult {
  readonly children?: readonly ElkShape[];
  readonly edges?: readonly {
    readonly sections?: readonly {
      readonly startPoint: Place;
      readonly endPoint: Place;
      readonly bendPoints?: readonly Place[];
    }[];
    readonly labels?: readonly {
      readonly x?: number;
      readonly y?: number;
      readonly width?: number;
      readonly height?: number;
    }[];
  }[];
}

type Elk = new () => { layout(graph: object): Promise<ElkResult> };

/** Places boxes in layers from left to right. Where the document says where a node is, it is there. */
export async function layout(graph: Graph, placed: ModelDocument["layout"] = {}): Promise<Layout> {
  const { default: imported } = (await import("elkjs/lib/elk.bundled.js")) as unknown as {
    default: Elk | { default: Elk };
  };
  const Elk = typeof imported === "function" ? imported : imported.default;
  const labels = graph.arrows.map(arrowLabel);
  const result = await new Elk().layout({
    id: "root",
    layoutOptions: graph.frames.length === 0 ? options : { ...options, ...framed },
    children: shapesOf(graph),
    edges: graph.arrows.map(({ from, to }, i) => {
      const text = labels[i] ?? "";
      return {
        id: `arrow ${i}`,
        sources: [from],
        targets: [to],
        labels: text === "" ? [] : [{ text, width: text.length * smallLetterWidth + 6, height: 14 }],
      };
    }),
  });
  const found = new Map(shapesIn(result.children).map((shape) => [shape.id, shape]));
  const moved = new Set<string>();
  const boxes = graph.boxes.map((box): BoxPlace => {
    const own = Object.hasOwn(placed, box.id) ? placed[box.id] : undefined;
    if (own !== undefined) moved.add(box.id);
    const at = found.get(box.id);
    return { box, x: own?.x ?? at?.x ?? 0, y: own?.y ?? at?.y ?? 0, width: boxWidth(box), height: boxHeight };
  });
  const byId = new Map(boxes.map((place) => [place.box.id, place]));
  const arrows = graph.arrows.map((arrow, i): ArrowPlace => {
    const label = labels[i] ?? "";
    const edge = result.edges?.[i];
    const section = edge?.sections?.[0];
    if (section === undefined || moved.has(arrow.from) || moved.has(arrow.to))
      return straight(arrow, label, byId.get(arrow.from) as BoxPlace, byId.get(arrow.to) as BoxPlace);
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    const mark = edge?.labels?.[0];
    const labelAt =
      mark === undefined
        ? middle(points)
        : { x: (mark.x ?? 0) + (mark.width ?? 0) / 2, y: (mark.y ?? 0) + (mark.height ?? 0) / 2 };
    return { arrow, points, label, labelAt };
  });
  const framesAt = (frames: readonly Frame[]): FramePlace[] =>
    frames.flatMap((frame) => [around(frame, found.get(idOf(frame)), moved, byId), ...framesAt(frame.frames)]);
  return { boxes, frames: framesAt(graph.frames), arrows };
}

/** No box can have it: names of nodes have no slash. */
const idOf = ({ path }: Frame): string => `/${path.join("/")}`;

/** Everything that ELK places: boxes in their frames, those without one in order. */
function shapesOf({ boxes, frames }: Graph): object[] {
  const shapes = new Map(boxes.map((box) => [box.id, { id: box.id, width: boxWidth(box), height: boxHeight }]));
  const taken = new Map<string, object>();
  const shapeOf = (frame: Frame, outermost: object | undefined): object => {
    const children: object[] = [];
    const shape = { id: idOf(frame), layoutOptions: frameOptions, children };
    for (const id of frame.boxes) {
      const inside = shapes.get(id);
      if (inside !== undefined) children.push(inside);
      taken.set(id, outermost ?? shape);
    }
    for (const inner of frame.frames) children.push(shapeOf(inner, outermost ?? shape));
    return shape;
  };
  for (const frame of frames) shapeOf(frame, undefined);
  // A frame stands where the first of its boxes would.
  return [...new Set(boxes.map(({ id }) => taken.get(id) ?? shapes.get(id)!))];
}

const shapesIn = (shapes: readonly ElkShape[] = []): ElkShape[] =>
  shapes.flatMap((shape) => [shape, ...shapesIn(shape.children)]);

/** Where a frame lies: as it was placed, or, where one of its boxes is elsewhere, around them all. */
function around(
  frame: Frame,
  placed: ElkShape | undefined,
  moved: ReadonlySet<string>,
  boxes: ReadonlyMap<string, BoxPlace>,
): FramePlace {
  const inside = boxesIn(frame).map((id) => boxes.get(id)!);
  if (placed !== undefined && !inside.some(({ box }) => moved.has(box.id))) {
    const { x = 0, y = 0, width = 0, height = 0 } = placed;
    return { frame, x, y, width, height };
  }
  // Frames within have room of their own around their boxes.
  const deep = depthOf(frame);
  const left = Math.min(...inside.map(({ x }) => x)) - deep * inFrame.side;
  const top = Math.min(...inside.map(({ y }) => y)) - deep * inFrame.top;
  const right = Math.max(...inside.map(({ x, width }) => x + width)) + deep * inFrame.side;
  const bottom = Math.max(...inside.map(({ y, height }) => y + height)) + deep * inFrame.bottom;
  return { frame, x: left, y: top, width: right - left, height: bottom - top };
}

const boxesIn = ({ boxes, frames }: Frame): string[] => [...boxes, ...frames.flatMap(boxesIn)];
const depthOf = ({ frames }: Frame): number => 1 + Math.max(0, ...frames.map(depthOf));

/** A line between the borders of two boxes. */
function straight(arrow: Arrow, label: string, from: BoxPlace, to: BoxPlace): ArrowPlace {
  const a = centre(from);
  const b = centre(to);
  const points = [border(from, b), border(to, a)];
  return { arrow, points, label, labelAt: middle(points) };
}

const centre = ({ x, y, width, height }: BoxPlace): Place => ({ x: x + width / 2, y: y + height / 2 });

/** Where the line from a box's middle towards a point leaves the box. */
function border(box: BoxPlace, towards: Place): Place {
  const from = centre(box);
  const dx = towards.x - from.x;
  const dy = towards.y - from.y;
  if (dx === 0 && dy === 0) return from;
  const share = Math.min(1, box.width / 2 / Math.abs(dx || 1e-9), box.height / 2 / Math.abs(dy || 1e-9));
  return { x: from.x + dx * share, y: from.y + dy * share };
}

function middle(points: readonly Place[]): Place {
  const half = Math.max(1, Math.floor(points.length / 2));
  const a = points[half - 1] as Place;
  const b = points[half] ?? a;
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
