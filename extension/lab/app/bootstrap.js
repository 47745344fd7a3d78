// Loads the prebuilt extensions that the page names, then the lab. They come first because what they and the lab share
// is settled once, before the first shared module is used.
import { pageOption } from "./page-option.js";

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`cannot load ${url}`));
    document.head.append(script);
  });
}

/** Fetches one prebuilt extension and hands it the modules that the lab shares. */
async function loadExtension({ name, load }) {
  await loadScript(`${pageOption("fullLabextensionsUrl")}/${name}/${load}`);
  await __webpack_init_sharing__("default");
  await globalThis._JUPYTERLAB[name].init(__webpack_share_scopes__.default);
}

const prebuilt = pageOption("federated_extensions") ?? [];
const outcomes = await Promise.allSettled(prebuilt.map(loadExtension));
for (const [index, outcome] of outcomes.entries())
  if (outcome.status === "rejected") console.error(`extension ${prebuilt[index].name} is left out:`, outcome.reason);

const { start } = await import("./main.js");
await start(prebuilt.filter((_, index) => outcomes[index].status === "fulfilled"));
