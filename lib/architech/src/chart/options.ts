import type { Colour } from "./colour.js";

/** A column of the rows, by name; its values in the order of the rows go through a scale. */
export type Field<R> = keyof R & string;

/** What a position is read from: a column, one number for all, or a column under another label. */
export type Channel<R> = Field<R> | number | { readonly value: Field<R>; readonly label?: string | null };

/** What a colour is read from: a column, or one colour for all. */
export type ColourChannel<R> = Field<R> | Colour | { readonly value: Field<R>; readonly label?: string | null };

/** How a line runs between its points. */
export type Curve =
  | "linear"
  | "step"
  | "step-after"
  | "step-before"
  | "monotone-x"
  | "monotone-y"
  | "natural"
  | "catmull-rom"
  | "cardinal"
  | "basis"
  | "bump-x"
  | "bump-y";

/** A sign on the points of a line. */
export type Marker =
  | boolean
  | "none"
  | "arrow"
  | "dot"
  | "circle"
  | "circle-fill"
  | "circle-stroke"
  | "tick"
  | "tick-x"
  | "tick-y";

/** Options of a mark under the names of Observable Plot; data only, so that a chart can be stored and sent. */
export interface MarkOptions<R> {
  readonly x?: Channel<R>;
  readonly x1?: Channel<R>;
  readonly x2?: Channel<R>;
  readonly y?: Channel<R>;
  readonly y1?: Channel<R>;
  readonly y2?: Channel<R>;
  /** Splits rows into series; by default what `stroke` or `fill` is read from. */
  readonly z?: Field<R> | null;
  /** One small chart for each value, side by side. */
  readonly fx?: Field<R>;
  /** One small chart for each value, one below the other. */
  readonly fy?: Field<R>;
  readonly stroke?: ColourChannel<R>;
  readonly fill?: ColourChannel<R>;
  readonly strokeWidth?: Channel<R>;
  readonly strokeOpacity?: Channel<R>;
  readonly fillOpacity?: Channel<R>;
  readonly opacity?: Channel<R>;
  readonly r?: Channel<R>;
  readonly symbol?:
    | Field<R>
    | "circle"
    | "cross"
    | "diamond"
    | "square"
    | "star"
    | "triangle"
    | "wye"
    | "times"
    | "plus"
    | "asterisk"
    | "hexagon";
  readonly text?: Field<R>;
  readonly title?: Field<R>;
  /** Shows the values of the row under the pointer. */
  readonly tip?: boolean | "x" | "y" | "xy";
  readonly sort?: Field<R> | { readonly [scaleOrChannel: string]: unknown };
  readonly curve?: Curve;
  readonly marker?: Marker;
  readonly markerStart?: Marker;
  readonly markerEnd?: Marker;
  readonly strokeDasharray?: string | number;
  readonly strokeLinecap?: "butt" | "round" | "square";
  readonly strokeLinejoin?: "miter" | "round" | "bevel";
  readonly dx?: number;
  readonly dy?: number;
  readonly inset?: number;
  readonly insetLeft?: number;
  readonly insetRight?: number;
  readonly insetTop?: number;
  readonly insetBottom?: number;
  readonly rx?: number;
  readonly ry?: number;
  readonly rotate?: number;
  readonly fontSize?: number;
  readonly fontWeight?: "normal" | "bold" | number;
  readonly textAnchor?: "start" | "middle" | "end";
  readonly lineAnchor?: "top" | "middle" | "bottom";
  readonly frameAnchor?:
    | "middle"
    | "top-left"
    | "top"
    | "top-right"
    | "right"
    | "bottom-right"
    | "bottom"
    | "bottom-left"
    | "left";
  readonly anchor?: "top" | "right" | "bottom" | "left";
  readonly ticks?: number | string | readonly (number | string)[];
  readonly tickFormat?: string | null;
  readonly tickSize?: number;
  readonly tickRotate?: number;
  readonly label?: string | null;
  readonly interval?: number | string;
  readonly clip?: boolean | "frame";
  readonly ariaLabel?: string;
}

/** Options of a scale under the names of Observable Plot. */
export interface ScaleOptions {
  readonly type?:
    | "linear"
    | "log"
    | "symlog"
    | "sqrt"
    | "pow"
    | "time"
    | "utc"
    | "point"
    | "band"
    | "ordinal"
    | "categorical"
    | "sequential"
    | "diverging"
    | "threshold"
    | "quantile"
    | "quantize"
    | "identity";
  readonly domain?: readonly (number | string)[];
  readonly range?: readonly (number | string)[];
  readonly label?: string | null;
  readonly labelAnchor?: "top" | "right" | "bottom" | "left" | "center";
  readonly grid?: boolean | Colour;
  readonly nice?: boolean | number;
  readonly zero?: boolean;
  readonly clamp?: boolean;
  readonly reverse?: boolean;
  readonly percent?: boolean;
  readonly base?: number;
  readonly ticks?: number | string | readonly (number | string)[];
  readonly tickFormat?: string | null;
  readonly tickRotate?: number;
  readonly tickSize?: number;
  readonly axis?: "top" | "right" | "bottom" | "left" | "both" | null;
  readonly inset?: number;
  readonly padding?: number;
  readonly scheme?: string;
  readonly unknown?: Colour;
  /** Whether the values are listed above the chart. Default: wherever a colour is read from a column. */
  readonly legend?: boolean;
}

/** Options of a whole chart under the names of Observable Plot. */
export interface ChartOptions {
  readonly title?: string;
  readonly subtitle?: string;
  readonly caption?: string;
  /** In pixels. Default: the width of the notebook's cell, 680 outside one. */
  readonly width?: number;
  readonly height?: number;
  readonly aspectRatio?: number;
  readonly margin?: number;
  readonly marginTop?: number;
  readonly marginRight?: number;
  readonly marginBottom?: number;
  readonly marginLeft?: number;
  readonly inset?: number;
  readonly grid?: boolean | Colour;
  readonly axis?: "top" | "right" | "bottom" | "left" | "both" | null;
  readonly x?: ScaleOptions;
  readonly y?: ScaleOptions;
  readonly fx?: ScaleOptions;
  readonly fy?: ScaleOptions;
  readonly color?: ScaleOptions;
  readonly opacity?: ScaleOptions;
  readonly r?: ScaleOptions;
  readonly symbol?: ScaleOptions;
  readonly length?: ScaleOptions;
  readonly ariaLabel?: string;
  readonly ariaDescription?: string;
}
