// Puts TypeScript 6 in the place of the fork of 5.0 that tslab imports: what the fork adds and its converter calls, and
// options that TypeScript 6 has in place of those it no longer knows.
import Module, { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const ts = require("typescript");

const amended = ({ noImplicitUseStrict, disableTopLevelAwait, ...options }) => ({
  ...options,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: false,
  types: ["node"],
});

const forTslab = {
  ...ts,
  getDefaultTypeRoots: (folder) => [join(folder, "node_modules/@types")],
  getNullTransformationContext: () => ts.nullTransformationContext,
  getPreEmitDiagnosticsOfFiles: (program, files) => files.flatMap((file) => ts.getPreEmitDiagnostics(program, file)),
  createWatchCompilerHost: (roots, options, ...rest) => ts.createWatchCompilerHost(roots, amended(options), ...rest),
  transpileModule(source, { compilerOptions, ...rest }) {
    const { noImplicitUseStrict, ...options } = compilerOptions;
    const { outputText, ...more } = ts.transpileModule(source, { ...rest, compilerOptions: options });
    return { ...more, outputText: outputText.replace(/^"use strict";\n/, "") };
  },
};

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === "@tslab/typescript-for-tslab" ? forTslab : load.call(this, request, ...rest);
};
