// Runs before any chunk can be asked for, so it reads the page's configuration without @jupyterlab/coreutils.

let page;

/** An option of the page that the server wrote, or undefined. */
export function pageOption(name) {
  page ??= JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  return page[name];
}
