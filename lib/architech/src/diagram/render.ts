import { paper } from "../chart/theme.js";
import type { ArrowKind } from "./graph.js";
import { trafficId } from "./graph.js";
import type { ArrowPlace, BoxPlace, FramePlace, Layout, Place } from "./layout.js";
import { icon, insets, looks, outline } from "./shapes.js";
import type { NodeValues } from "./spec.js";
import { type Markup, tag, words } from "./tag.js";

/** How a diagram is drawn. */
export interface RenderOptions {
  readonly values?: Readonly<Record<string, NodeValues>>;
  readonly title?: string;
}

const margin = 16;

/** Colours of a share in use: calm, watch, saturated. */
const levels = [
  { below: 0.6, colour: "#2f9e68" },
  { below: 0.85, colour: "#d9901a" },
  { below: Infinity, colour: "#d64545" },
] as const;

/**
 * A laid-out diagram as the text of an SVG. It stands alone (dark on white); a page may set other colours for its classes
 * `arch-…`, since every colour is an attribute and none a style.
 */
export function renderDiagram(
  { boxes, frames, arrows }: Layout,
  { values = {}, title = "architecture" }: RenderOptions = {},
): string {
  const page = pageOf([...frames, ...boxes], arrows);
  const { width, height } = page;
  const content = [
    tag("title", {}, words(title)),
    tag(
      "desc",
      {},
      words([...boxes.map(({ box }) => `${box.name} (${box.kind}: ${box.settings})`), ...frames.map(told)].join("; ")),
    ),
    tag("rect", { class: "arch-page", x: page.x, y: page.y, width, height, fill: paper.background }),
    ...frames.map(drawFrame),
    ...arrows.map(drawArrow),
    ...boxes.map((place) => drawBox(place, Object.hasOwn(values, place.box.id) ? values[place.box.id] : undefined)),
    ...arrows.map(drawLabel),
  ];
  const viewBox = [page.x, page.y, width, height].map((value) => Math.round(value * 10) / 10).join(" ");
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox,
    width,
    height,
    role: "img",
    "aria-label": title,
    "font-family": paper.font,
    fill: paper.ink,
  };
  return tag("svg", attributes, ...content).markup;
}

/** What is in a group, in words. */
const told = ({ frame: { path, boxes, frames } }: FramePlace): string =>
  `${path.join(" / ")} (group of ${[...boxes, ...frames.map(({ path }) => path.at(-1)!)].join(", ")})`;

function drawFrame({ frame: { path }, x, y, width, height }: FramePlace): Markup {
  const name = path.at(-1)!;
  return tag(
    "g",
    { class: "arch-frame", "data-group": path.join("/"), transform: `translate(${x},${y})` },
    tag("title", {}, words(path.join(" / "))),
    tag("rect", {
      width,
      height,
      rx: 10,
      fill: "#5c6773",
      "fill-opacity": 0.06,
      stroke: "#8a95a1",
      "stroke-dasharray": "5 3",
    }),
    tag(
      "text",
      { class: "arch-settings", x: 12, y: 19, "font-size": 11.5, "font-weight": 600, fill: paper.muted },
      words(cut(name, Math.floor((width - 24) / 6.6))),
    ),
  );
}

/** What holds all of it, with a margin. */
function pageOf(
  boxes: readonly Omit<FramePlace, "frame">[],
  arrows: readonly ArrowPlace[],
): Place & { width: number; height: number } {
  const points = [
    ...boxes.flatMap(({ x, y, width, height }) => [
      { x, y: y - 10 },
      { x: x + width + 10, y: y + height },
    ]),
    ...arrows.flatMap(({ points, labelAt, label }) => [
      ...points,
      { x: labelAt.x - label.length * 3, y: labelAt.y - 8 },
      { x: labelAt.x + label.length * 3, y: labelAt.y + 8 },
    ]),
  ];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const x = Math.min(0, ...xs) - margin;
  const y = Math.min(0, ...ys) - margin;
  return { x, y, width: Math.max(160, ...xs) + margin - x, height: Math.max(60, ...ys) + margin - y };
}

function drawBox({ box, x, y, width, height }: BoxPlace, values: NodeValues | undefined): Markup {
  const replicas = values?.replicas ?? box.replicas;
  const behind = box.kind === "database" || box.kind === "queue" ? 0 : Math.min(2, Math.ceil(replicas) - 1);
  const cards = Array.from({ length: behind }, (_, i) => {
    const off = (behind - i) * 4;
    return tag("g", { transform: `translate(${off},${-off})` }, outline(box.kind, width, height));
  });
  const util = values?.util;
  const { left, right, top } = insets[box.kind];
  const textAt = left + 28;
  const room = width - textAt - right;
  const nameAt = util === undefined ? 33 + top : 27 + top * 0.9;
  return tag(
    "g",
    {
      class: "arch-box",
      "data-node": box.id.startsWith(trafficId) ? undefined : box.id,
      transform: `translate(${Math.round(x * 10) / 10},${Math.round(y * 10) / 10})`,
    },
    tag("title", {}, words(tooltip(box.name, box.kind, box.settings, values))),
    ...cards,
    outline(box.kind, width, height),
    tag("g", { transform: `translate(${left},${nameAt - 12})` }, icon(box.kind)),
    tag(
      "text",
      { class: "arch-name", x: textAt, y: nameAt, "font-size": 13, "font-weight": 600 },
      words(cut(box.name, Math.floor(room / 7.2))),
    ),
    tag(
      "text",
      { class: "arch-settings", x: textAt, y: nameAt + 17, "font-size": 10.5, fill: paper.muted },
      words(cut(box.settings, Math.floor(room / 5.3))),
    ),
    ...(util === undefined || Number.isNaN(util) ? [] : utilisation(util, textAt, room, height - 20 + top * 0.7)),
  );
}

function tooltip(name: string, kind: string, settings: string, values: NodeValues | undefined): string {
  const util = values?.util === undefined || Number.isNaN(values.util) ? "" : `\n${percent(values.util)} busy`;
  return `${name}: ${kind}\n${settings}${util}`;
}

function utilisation(util: number, x: number, room: number, y: number): Markup[] {
  const share = Math.min(1, Math.max(0, util));
  const full = room - 34;
  const colour = levels.find(({ below }) => share < below)?.colour;
  return [
    tag("rect", { class: "arch-track", x, y, width: full, height: 6, rx: 3, fill: "#dde3e9" }),
    tag("rect", { class: "arch-fill", x, y, width: Math.max(2, full * share), height: 6, rx: 3, fill: colour }),
    tag(
      "text",
      { class: "arch-settings", x: x + full + 6, y: y + 6.5, "font-size": 10, fill: paper.muted },
      words(percent(util)),
    ),
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const cut = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;

const dashes: Readonly<Record<ArrowKind, string | undefined>> = {
  call: undefined,
  traffic: undefined,
  publish: "6 4",
  take: "6 4",
  miss: "2 4",
};

function drawArrow({ arrow, points }: ArrowPlace): Markup {
  const colour = arrow.kind === "publish" || arrow.kind === "take" ? looks.queue.accent : "#6b7785";
  const last = points[points.length - 1] as Place;
  const before = points[points.length - 2] ?? last;
  const angle = (Math.atan2(last.y - before.y, last.x - before.x) * 180) / Math.PI;
  return tag(
    "g",
    { class: `arch-arrow arch-arrow-${arrow.kind}`, stroke: colour },
    tag("path", {
      d: rounded(points),
      fill: "none",
      "stroke-width": 1.5,
      "stroke-dasharray": dashes[arrow.kind],
      "stroke-linejoin": "round",
    }),
    tag("path", {
      class: "arch-head",
      d: "M0 0-8-4V4Z",
      fill: colour,
      stroke: "none",
      transform: `translate(${last.x.toFixed(1)},${last.y.toFixed(1)}) rotate(${angle.toFixed(1)})`,
    }),
  );
}

function drawLabel({ label, labelAt }: ArrowPlace): Markup {
  if (label === "") return words("");
  const width = label.length * 5.7 + 6;
  return tag(
    "g",
    { class: "arch-label", transform: `translate(${labelAt.x.toFixed(1)},${labelAt.y.toFixed(1)})` },
    tag("rect", {
      class: "arch-page",
      x: -width / 2,
      y: -7,
      width,
      height: 14,
      rx: 3,
      fill: paper.background,
      "fill-opacity": 0.85,
    }),
    tag("text", { y: 3.5, "font-size": 10, "text-anchor": "middle", fill: paper.muted }, words(label)),
  );
}

const cornerRadius = 6;

/** A path through the points with rounded corners. */
function rounded(points: readonly Place[]): string {
  const [start, ...rest] = points;
  if (start === undefined) return "";
  let path = `M${start.x.toFixed(1)} ${start.y.toFixed(1)}`;
  for (const [i, point] of rest.entries()) {
    const next = rest[i + 1];
    const before = points[i] as Place;
    if (next === undefined) {
      path += `L${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
      continue;
    }
    const a = towards(point, before);
    const b = towards(point, next);
    path += `L${a.x.toFixed(1)} ${a.y.toFixed(1)}Q${point.x.toFixed(1)} ${point.y.toFixed(1)} ${b.x.toFixed(1)} ${b.y.toFixed(1)}`;
  }
  return path;
}

function towards(from: Place, to: Place): Place {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(cornerRadius, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
