/** The colours and letters of a drawing: values of CSS. */
export interface Theme {
  readonly background: string;
  /** Lines and letters. */
  readonly ink: string;
  readonly muted: string;
  readonly font: string;
  /** Colours for up to ten categories, told apart on light and on dark. */
  readonly categories: readonly string[];
}

const font = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const categories = [
  "#4269d0",
  "#e08a00",
  "#ff725c",
  "#3aa99c",
  "#3ca951",
  "#d864a3",
  "#a463f2",
  "#6a9fe8",
  "#9c6b4e",
  "#8a939c",
];

/** Dark on white: reads on any page, and on paper. What an SVG that stands alone has. */
export const paper: Theme = { background: "#ffffff", ink: "#1d2733", muted: "#5c6773", font, categories };
