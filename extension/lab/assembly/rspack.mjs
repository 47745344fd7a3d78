// The bundler's configuration: the lab itself, and one configuration per theme that carries a stylesheet.
import { createRequire } from "node:module";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import { shared } from "./shared.mjs";

const require = createRequire(import.meta.url);
const base = require("@jupyter/builder/lib/webpack.config.base");

/** `folders`: root, app, work (generated modules) and output. */
export function labConfig(folders, { mode = "production" } = {}) {
  return {
    ...base,
    name: "lab",
    mode,
    context: folders.app,
    devtool: mode === "production" ? false : "source-map",
    entry: { main: ["./public-path.js", "./bootstrap.js"] },
    output: {
      path: folders.output,
      clean: true,
      publicPath: "",
      filename: "[name].[contenthash].js",
      chunkFilename: "[name].[contenthash].js",
      assetModuleFilename: "[name].[hash][ext]",
      hashFunction: "xxhash64",
      // Prebuilt extensions register themselves under this global.
      library: { type: "var", name: ["_JUPYTERLAB", "CORE_OUTPUT"] },
    },
    resolve: {
      ...base.resolve,
      alias: {
        "architech-lab-plugins": join(folders.work, "plugins.js"),
        "architech-lab-style": join(folders.work, "style.js"),
      },
    },
    node: { __dirname: "mock", __filename: "mock" },
    externals: { ws: "WebSocket" },
    performance: { hints: false },
    plugins: [
      ...base.plugins,
      new rspack.container.ModuleFederationPluginV1({
        name: "CORE_FEDERATION",
        library: { type: "var", name: ["_JUPYTERLAB", "CORE_LIBRARY_FEDERATION"] },
        shared: shared(folders.root),
      }),
    ],
    stats: "errors-warnings",
  };
}

/** Runs the bundler over the configurations; rejects with the first errors. */
export function bundle(configurations) {
  return new Promise((resolve, reject) => {
    const compiler = rspack(configurations);
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error) return reject(error);
        if (stats.hasErrors()) return reject(new Error(stats.toString({ preset: "errors-only", colors: false })));
        resolve(stats);
      });
    });
  });
}
