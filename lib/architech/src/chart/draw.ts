import { ArchitechError } from "@architech/protocol";
import type { Row } from "../experiment/view.js";
import { columnOf, hasColumn } from "./columns.js";
import { type DrawingDocument, type DrawingElement, svgElement } from "./dom.js";
import { type Block, type ColourScale, legend } from "./legend.js";
import { isMarkName } from "./mark-names.js";
import { type FilledMark, object, scaleOptions } from "./scales.js";
import { type Drawn, roomier, wider } from "./second-look.js";
import type { ChartSpec, MarkSpec } from "./spec.js";
import { paper, type Theme } from "./theme.js";

/** The module of Observable Plot, handed in so that this one needs neither it nor a page. */
export type PlotModule = Readonly<Record<string, unknown>>;

/** How a chart is drawn. */
export interface DrawOptions {
  readonly document: DrawingDocument;
  readonly width?: number;
  /** Default: paper. */
  readonly theme?: Theme;
  /** Whether tips follow the pointer. Default true; false for a picture. */
  readonly interactive?: boolean;
  /** Whether rows may still come. Default true; it matters only where there are none. */
  readonly live?: boolean;
}

const defaultWidth = 680;
/** More than Plot's own, so that the label of the axis does not touch those of its ticks. */
const marginBottom = 36;
const side = 4;

/** Options that could fetch something, lead somewhere or reach out of the drawing. */
const refused: ReadonlySet<string> = new Set([
  "href",
  "target",
  "style",
  "className",
  "document",
  "figure",
  "src",
  "render",
  "channels",
  "projection",
  "marks",
]);

/**
 * Draws a chart as one SVG element: title, legend, what Plot makes of the marks, caption.
 * `rows`: those of each source. Throws `invalid-argument` when Plot cannot make sense of the specification.
 */
export function draw(
  Plot: PlotModule,
  spec: ChartSpec,
  rows: readonly (readonly Row[])[],
  options: DrawOptions,
): DrawingElement {
  const { document, theme = paper, interactive = true, live = true } = options;
  const width = Math.max(160, Math.round(Number(spec.options["width"] ?? options.width ?? defaultWidth)));
  const marks = spec.marks.map(
    (mark): FilledMark => ({
      mark,
      rows: mark.data ?? (mark.source === undefined ? undefined : (rows[mark.source] ?? [])),
    }),
  );
  const isEmpty = rows.length > 0 && rows.every((source) => source.length === 0);
  const plotted = isEmpty
    ? empty(document, spec, live ? "waiting for the first rows …" : "no rows", { width, theme })
    : plotSvg(Plot, marks, spec, { document, theme, interactive, width });

  const blocks: Block[] = [];
  const { title, subtitle, caption } = spec.options;
  if (typeof title === "string")
    blocks.push(line(document, title, { size: 15, weight: 600, fill: theme.ink, height: 22 }));
  if (typeof subtitle === "string") blocks.push(line(document, subtitle, { size: 12, fill: theme.muted, height: 18 }));
  const { colours } = plotted;
  if (colours !== undefined && object(spec.options["color"])["legend"] !== false) {
    const block = legend(document, colours, width - 2 * side, theme);
    if (block !== undefined) blocks.push(block);
  }
  const top = blocks.length === 0 ? 0 : blocks.reduce((sum, { height }) => sum + height, 10);
  const height = plotted.height + top + (typeof caption === "string" ? 22 : 4);

  const label =
    typeof spec.options["ariaLabel"] === "string"
      ? spec.options["ariaLabel"]
      : typeof title === "string"
        ? title
        : "chart";
  const svg = svgElement(document, "svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": label,
    "font-family": theme.font,
    fill: theme.ink,
    color: theme.ink,
  });
  svg.append(svgElement(document, "title", {}, label));
  svg.append(svgElement(document, "desc", {}, describe(marks, spec)));
  if (theme.background !== "none") svg.append(svgElement(document, "rect", { width, height, fill: theme.background }));
  let y = 6;
  for (const block of blocks) {
    block.element.setAttribute("transform", `translate(${side},${y})`);
    svg.append(block.element);
    y += block.height;
  }
  plotted.element.setAttribute("y", String(top));
  plotted.element.setAttribute("overflow", "visible");
  svg.append(plotted.element);
  if (typeof caption === "string")
    svg.append(svgElement(document, "text", { x: side, y: height - 8, "font-size": 11, fill: theme.muted }, caption));
  return svg;
}

interface Plotted {
  readonly element: DrawingElement;
  readonly height: number;
  readonly colours: ColourScale | undefined;
}

type Drawing = Required<Omit<DrawOptions, "live">>;

function plotSvg(Plot: PlotModule, marks: readonly FilledMark[], spec: ChartSpec, drawing: Drawing): Plotted {
  const { document, theme, interactive, width } = drawing;
  const own = allowed(spec.options);
  for (const name of ["title", "subtitle", "caption", "ariaLabel"]) delete own[name];
  const scales = scaleOptions(marks, spec.options, theme);
  const made = marks.map((filled) => plotMark(Plot, filled, interactive));
  const plot = Plot["plot"] as (options: object) => Drawn;
  const margin = own["margin"] === undefined ? { marginBottom } : {};
  const make = (corrections: object): Drawn =>
    plot({
      ...margin,
      ...own,
      ...scales,
      ...corrections,
      marks: made,
      figure: false,
      document,
      width,
      style: { background: "none", color: theme.ink, fontFamily: theme.font, fontSize: "11px" },
    });
  let element = make({});
  const scaled = wider(element, scales);
  if (Object.keys(scaled).length > 0) element = make(scaled);
  const margins = roomier(element, own);
  if (Object.keys(margins).length > 0) element = make({ ...scaled, ...margins });
  return {
    element,
    height: Number(element.getAttribute("height")),
    colours: labelled(element.scale("color"), scales["color"]),
  };
}

/** Plot forgets the label of a scale that it shows no legend for. */
function labelled(scale: ColourScale | undefined, options: unknown): ColourScale | undefined {
  const label = object(options)["label"];
  if (scale === undefined || typeof label !== "string") return scale;
  return {
    type: scale.type,
    label,
    apply: (value) => scale.apply(value),
    ...(scale.domain === undefined ? {} : { domain: scale.domain }),
  };
}

/** What stands in the place of a chart without rows. */
function empty(
  document: DrawingDocument,
  spec: ChartSpec,
  text: string,
  { width, theme }: { readonly width: number; readonly theme: Theme },
): Plotted {
  const height = typeof spec.options["height"] === "number" ? spec.options["height"] : 400;
  const element = svgElement(document, "svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  const attributes = { x: width / 2, y: height / 2, "text-anchor": "middle", "font-size": 13, fill: theme.muted };
  element.append(svgElement(document, "text", attributes, text));
  return { element, height, colours: undefined };
}

function plotMark(Plot: PlotModule, { mark, rows }: FilledMark, interactive: boolean): unknown {
  const make = isMarkName(mark.mark) && Object.hasOwn(Plot, mark.mark) ? Plot[mark.mark] : undefined;
  if (typeof make !== "function")
    throw new ArchitechError("invalid-argument", `"${String(mark.mark)}" is no mark of a chart`, { path: ["marks"] });
  const options = { ...series(mark, rows ?? []), ...allowed(mark.options) };
  if (!interactive) delete options["tip"];
  return rows === undefined ? make(options) : make(rows, options);
}

/** What Plot would take for `z` anyway: said out loud, it does not warn while each line has but one point. */
function series(mark: MarkSpec, rows: readonly unknown[]): Record<string, unknown> {
  if (!/^(line|area)/.test(mark.mark)) return {};
  const exists = (name: string): boolean => hasColumn(rows, name);
  const z = columnOf(mark, "fill", exists) ?? columnOf(mark, "stroke", exists);
  return z === undefined ? {} : { z };
}

function allowed(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => !refused.has(name) && isHarmless(value)));
}

const isHarmless = (value: unknown): boolean =>
  typeof value !== "function" && !(typeof value === "string" && /url\s*\(/i.test(value));

function line(
  document: DrawingDocument,
  text: string,
  { size, weight, fill, height }: { size: number; weight?: number; fill: string; height: number },
): Block {
  return {
    element: svgElement(
      document,
      "text",
      { y: size, "font-size": size, "font-weight": weight, "text-anchor": "start", fill },
      text,
    ),
    height,
  };
}

/** A sentence for those who cannot see the chart. */
function describe(marks: readonly FilledMark[], spec: ChartSpec): string {
  if (typeof spec.options["ariaDescription"] === "string") return spec.options["ariaDescription"];
  const of = ({ mark, rows }: FilledMark): string => {
    const options = allowed(mark.options);
    const channels = ["x", "y", "stroke", "fill"].flatMap((name) =>
      typeof options[name] === "string" ? [`${name}: ${options[name]}`] : [],
    );
    return `${mark.mark}${channels.length > 0 ? ` (${channels.join(", ")})` : ""}${rows === undefined ? "" : `, ${rows.length} rows`}`;
  };
  return marks.map(of).join("; ");
}
