import type { ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import { mostReplicas } from "../model/format-scale.js";
import type { NodeDocument } from "../model/node-document.js";
import { callsOf, type Link } from "./links.js";
import { settingsOf, trafficSettings } from "./settings.js";

/** Kind of a box: a node's, or where requests come from. */
export type BoxKind = NodeDocument["kind"] | "traffic";

/** One box of a diagram. */
export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly name: string;
  /** Its settings in a few words. */
  readonly settings: string;
  readonly replicas: number;
}

/** How one box uses another. Requests wait for a call; a message is only left behind, and later taken. */
export type ArrowKind = "call" | "publish" | "take" | "miss" | "traffic";

/** One arrow of a diagram. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: ArrowKind;
  /** Operations that go this way. */
  readonly ops: readonly string[];
}

/** A frame around the boxes of a group, and around the frames of groups in it. */
export interface Frame {
  /** The names of the groups that it is in, and its own. */
  readonly path: readonly string[];
  /** Boxes that stand in it and in no frame within. */
  readonly boxes: readonly string[];
  readonly frames: readonly Frame[];
}

/** A model as boxes and arrows. */
export interface Graph {
  readonly boxes: readonly Box[];
  /** The outermost frames. */
  readonly frames: readonly Frame[];
  readonly arrows: readonly Arrow[];
}

/** Identifier of the box that requests come from; of a class, its name follows after a colon. No node can have it: names of nodes have no colon. */
export const trafficId = ":traffic";

/** The boxes and arrows of a model. `replicas`: how many there were, where that is known better than from the model. */
export function graphOf(model: ModelDocument): Graph {
  const boxes: Box[] = [];
  const links: Link[] = [];
  for (const { name, flow } of flowsOf(model.traffic)) {
    const id = name === undefined ? trafficId : `${trafficId}:${name}`;
    const plain = "users" in flow ? "users" : "traffic";
    boxes.push({ id, kind: "traffic", name: name ?? plain, settings: trafficSettings(flow), replicas: 1 });
    links.push({ from: id, to: flow.to, kind: "traffic", ops: Object.keys(flow.mix) });
  }
  for (const [id, node] of Object.entries(model.nodes)) {
    boxes.push({
      id,
      kind: node.kind,
      name: id,
      settings: settingsOf(node),
      replicas: replicasOf(node),
    });
    links.push(...callsOf(id, node));
  }
  const known = new Set(boxes.map(({ id }) => id));
  return {
    boxes,
    frames: framesOf(model.groups, []),
    arrows: merged(links.filter(({ from, to }) => known.has(from) && known.has(to))),
  };
}

/** Frames around what is not empty. */
function framesOf(groups: ModelDocument["groups"] = {}, within: readonly string[]): Frame[] {
  return Object.entries(groups).flatMap(([name, { nodes = [], groups }]) => {
    const path = [...within, name];
    const frames = framesOf(groups, path);
    return nodes.length + frames.length === 0 ? [] : [{ path, boxes: nodes, frames }];
  });
}

/** How many a node has, at most where they come and go. */
function replicasOf(node: NodeDocument): number {
  if (node.kind !== "service" && node.kind !== "worker") return 1;
  return mostReplicas(node);
}

/** One arrow for all links of a kind between the same two boxes. */
function merged(links: readonly Link[]): Arrow[] {
  const arrows = new Map<string, { from: string; to: string; kind: ArrowKind; ops: Set<string> }>();
  for (const { from, to, kind, ops } of links) {
    const key = JSON.stringify([from, to, kind]);
    let arrow = arrows.get(key);
    if (arrow === undefined) arrows.set(key, (arrow = { from, to, kind, ops: new Set() }));
    for (const op of ops) arrow.ops.add(op);
  }
  return [...arrows.values()].map(({ ops, ...arrow }) => ({ ...arrow, ops: [...ops] }));
}
