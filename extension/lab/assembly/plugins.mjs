// Which extensions the lab is made of: JupyterLab's own list, less what needs JupyterLab's own server, plus ours.
import core from "@jupyterlab/core-meta/core.package.json" with { type: "json" };

/**
 * Without Python there is nothing to install extensions with, no hub to return to, no list of plugins to lock, and no
 * terminals. The debugger complains of every cell of a kernel that has none.
 */
const leftOut = [
  "@jupyterlab/debugger-extension",
  "@jupyterlab/extensionmanager-extension",
  "@jupyterlab/hub-extension",
  "@jupyterlab/pluginmanager-extension",
  "@jupyterlab/terminal-extension",
];

const ours = { "@architech/lab": "", "@architech/charts": "", "@architech/diagrams": "" };

const without = (entries) => Object.fromEntries(Object.entries(entries).filter(([name]) => !leftOut.includes(name)));

/** Package name → path of the module inside the package ("" for its main one). */
const extensions = { ...without(core.jupyterlab.extensions), ...ours };
const mimeExtensions = without(core.jupyterlab.mimeExtensions);

/** Every package that carries plugins, styles, schemas or themes. */
export const packages = [...new Set([...Object.keys(extensions), ...Object.keys(mimeExtensions)])];

/** The module that requires them all, each behind a function so that one that throws takes only itself down. */
export function pluginsModule() {
  const list = (entries) =>
    Object.entries(entries)
      .map(([name, path]) => `  ["${name}", () => require("${path ? `${name}/${path}` : name}")],`)
      .join("\n");
  return `export const extensions = [\n${list(extensions)}\n];\nexport const mimeExtensions = [\n${list(mimeExtensions)}\n];\n`;
}
