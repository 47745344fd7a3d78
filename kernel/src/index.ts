export { kernelCommand } from "./spec/command.js";
export { installKernelSpec, type KernelSpecOptions, kernelSpec, uninstallKernelSpec } from "./spec/install.js";
export { makeFolder } from "./spec/make-folder.js";
