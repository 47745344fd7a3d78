// Collects the plugins of every extension, built in and prebuilt, and starts JupyterLab with them.
import { JupyterLab } from "@jupyterlab/application";
import { JupyterPluginRegistry, PageConfig } from "@jupyterlab/coreutils";
import { IConnectionStatus, IServiceManager } from "@jupyterlab/services";
import { extensions, mimeExtensions } from "architech-lab-plugins";
import "architech-lab-style";

/** Whether a list of the page ("deferredExtensions", "disabledExtensions") names the plugin or its package. */
const isListed = (list, id) => list.some((entry) => entry === id || entry === id.split(":")[0]);

/** One part ("./extension", "./mimeExtension", "./style") of a prebuilt extension. */
async function part(name, module) {
  return (await globalThis._JUPYTERLAB[name].get(module))();
}

/** The plugins of each extension that can be loaded; one that cannot is reported and left out. */
async function load(entries) {
  const outcomes = await Promise.allSettled(entries.map(async ([name, get]) => ({ name, module: await get() })));
  return outcomes.flatMap((outcome, index) => {
    if (outcome.status === "fulfilled") {
      const { name, module } = outcome.value;
      return [module.default ?? module].flat().map((plugin) => ({ plugin, extension: name }));
    }
    console.error(`extension ${entries[index][0]} is left out:`, outcome.reason);
    return [];
  });
}

/** What the plugin manager of JupyterLab wants to know of a plugin. */
function describe({ plugin, extension }, disabled) {
  const { id, description, requires = [], optional = [], provides = null, autoStart } = plugin;
  return { id, description, requires, optional, provides, autoStart, enabled: !isListed(disabled, id), extension };
}

/** Starts the lab in the page. `prebuilt`: the prebuilt extensions whose code has been loaded. */
export async function start(prebuilt) {
  const names = new Set(prebuilt.map(({ name }) => name));
  const builtIn = (entries) => entries.filter(([name]) => !names.has(name));
  const parts = (key) =>
    prebuilt.filter((data) => data[key]).map(({ name, [key]: module }) => [name, () => part(name, module)]);
  const [standard, mime] = await Promise.all([
    load([...builtIn(extensions), ...parts("extension")]),
    load([...builtIn(mimeExtensions), ...parts("mimeExtension")]),
    load(parts("style")),
  ]);
  const disabled = PageConfig.Extension.disabled;
  const deferred = PageConfig.Extension.deferred;
  const all = [...mime, ...standard];
  const isOn = ({ plugin }) => !isListed(disabled, plugin.id);
  const matching = (list) => all.map(({ plugin }) => plugin.id).filter((id) => isListed(list, id));

  const pluginRegistry = new JupyterPluginRegistry();
  pluginRegistry.registerPlugins(standard.filter(isOn).map(({ plugin }) => plugin));
  const lab = new JupyterLab({
    pluginRegistry,
    serviceManager: await pluginRegistry.resolveRequiredService(IServiceManager),
    connectionStatus: await pluginRegistry.resolveOptionalService(IConnectionStatus),
    mimeExtensions: mime.filter(isOn).map(({ plugin }) => plugin),
    disabled: { matches: matching(disabled), patterns: disabled },
    deferred: { matches: matching(deferred), patterns: deferred },
    availablePlugins: all.map((entry) => describe(entry, disabled)),
  });
  await lab.start({ ignorePlugins: matching(deferred), bubblingKeydown: true });
  if (PageConfig.getOption("exposeAppInBrowser").toLowerCase() === "true") globalThis.jupyterapp = lab;
}
