import { type BareMark, bareMark, type RowMark, type RuleMark, rowMark } from "./mark.js";

// Each is Observable Plot's mark of the same name.

/** A line through the rows in their order, one for each value of `z` (default: of `stroke`). */
export const lineY: RowMark = rowMark("lineY");
/** A line that runs upwards: y is the order. */
export const lineX: RowMark = rowMark("lineX");
/** A line with both positions given. */
export const line: RowMark = rowMark("line");
/** The area between `y1` and `y2`, such as a confidence interval's `<metric>.low` and `<metric>.high`; or from zero to `y`. */
export const areaY: RowMark = rowMark("areaY");
/** The area between `x1` and `x2`. */
export const areaX: RowMark = rowMark("areaX");
/** The area between two lines, coloured by which is above. */
export const differenceY: RowMark = rowMark("differenceY");
/** A circle for each row. */
export const dot: RowMark = rowMark("dot");
/** A bar upwards over an ordinal `x`. */
export const barY: RowMark = rowMark("barY");
/** A bar to the right over an ordinal `y`. */
export const barX: RowMark = rowMark("barX");
/** A box plot over `y`. */
export const boxY: RowMark = rowMark("boxY");
/** A box plot over `x`. */
export const boxX: RowMark = rowMark("boxX");
/** A rectangle upwards between `x1` and `x2`, as a histogram has. */
export const rectY: RowMark = rowMark("rectY");
/** A rectangle to the right between `y1` and `y2`. */
export const rectX: RowMark = rowMark("rectX");
/** A rectangle between two positions each way. */
export const rect: RowMark = rowMark("rect");
/** A rectangle for each pair of ordinal positions, as a heat map has. */
export const cell: RowMark = rowMark("cell");
/** A tick across at `x`. */
export const tickX: RowMark = rowMark("tickX");
/** A tick across at `y`. */
export const tickY: RowMark = rowMark("tickY");
/** Words at a position. */
export const text: RowMark = rowMark("text");
/** A straight line from (`x1`, `y1`) to (`x2`, `y2`). */
export const link: RowMark = rowMark("link");
/** An arrow from (`x1`, `y1`) to (`x2`, `y2`). */
export const arrow: RowMark = rowMark("arrow");
/** A label in a box with a pointer. */
export const tip: RowMark = rowMark("tip");
/** A regression line with its confidence band. */
export const linearRegressionY: RowMark = rowMark("linearRegressionY");
/** Lines that follow the pointer and name its `x`. */
export const crosshairX: RowMark = rowMark("crosshairX");
/** A vertical line at `x`, or at each of the values. With `y1` and `y2`: an error bar. */
export const ruleX: RuleMark = rowMark("ruleX");
/** A horizontal line at `y`, or at each of the values. */
export const ruleY: RuleMark = rowMark("ruleY");
/** Vertical lines at the ticks of x. */
export const gridX: BareMark = bareMark("gridX");
/** Horizontal lines at the ticks of y. */
export const gridY: BareMark = bareMark("gridY");
/** The axis of x, where the default one will not do. */
export const axisX: BareMark = bareMark("axisX");
/** The axis of y, where the default one will not do. */
export const axisY: BareMark = bareMark("axisY");
/** A border around the chart. */
export const frame: BareMark = bareMark("frame");
