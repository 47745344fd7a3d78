import type { Theme } from "architech/core";

/** The colours of JupyterLab's theme, whichever it is. */
export const labTheme: Theme = {
  background: "none",
  ink: "var(--jp-content-font-color1, currentColor)",
  muted: "var(--jp-content-font-color2, currentColor)",
  font: "var(--jp-ui-font-family, system-ui, sans-serif)",
  categories: [
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
  ],
};
