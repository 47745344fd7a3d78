/** Modules that a cell gets from where the kernel is installed, wherever the notebook is: one instance, one version. */
export const isOwnModule = (specifier: string): boolean => /^architech(\/|$)/.test(specifier);
