// Which way imports go: protocol ← architech ← { kernel, server, extension }.
// Inside architech, `units`, `engine` and `scaling` are leaves, and only `run` knows where it is.
const pureRooms = "units|model|engine|parts|recursion|scaling|manifest|simulation|experiment|export|chart|diagram";

module.exports = {
  forbidden: [
    {
      name: "protocol-is-a-leaf",
      comment: "a wire format knows neither models nor hosts",
      severity: "error",
      from: { path: "^lib/protocol/src" },
      to: { path: "^(lib/architech|kernel|extension|server)/" },
    },
    {
      name: "architech-knows-no-host",
      severity: "error",
      from: { path: "^lib/architech/src" },
      to: { path: "^(kernel|extension|server)/" },
    },
    {
      name: "hosts-do-not-import-each-other",
      comment: "the server installs and starts the kernel through the kernel's own index",
      severity: "error",
      from: { path: "^(kernel|extension|server)/" },
      to: { path: "^(kernel|extension|server)/", pathNot: ["^$1/", "^kernel/(src|dist)/index"] },
    },
    {
      name: "leaves",
      comment: "units, engine and scaling import nothing of architech but each their own room",
      severity: "error",
      from: { path: "^lib/architech/src/(units|engine|scaling)/" },
      to: { path: "^lib/architech/src/", pathNot: "^lib/architech/src/$1/" },
    },
    {
      name: "parts-and-recursions-know-the-engine-alone",
      comment: "and no model, so that they can be anywhere",
      severity: "error",
      from: { path: "^lib/architech/src/(parts|recursion)/" },
      to: { path: "^lib/architech/src/", pathNot: "^lib/architech/src/($1|engine)/" },
    },
    {
      name: "model-knows-no-simulation",
      severity: "error",
      from: { path: "^lib/architech/src/model/" },
      to: { path: "^lib/architech/src/(engine|parts|recursion|scaling|manifest|simulation|run|chart|diagram)/" },
    },
    {
      name: "only-run-knows-where-it-is",
      severity: "error",
      from: { path: `^lib/architech/src/(${pureRooms}|core\\.ts)` },
      to: { path: "^lib/architech/src/run/" },
    },
    {
      name: "no-node-in-what-a-browser-runs",
      severity: "error",
      from: { path: `^lib/architech/src/(${pureRooms}|core\\.ts)|^extension/(charts|diagrams)/src` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-deep-imports",
      comment: "packages meet at their index",
      severity: "error",
      from: { path: "^(lib/[^/]+|kernel|extension/[^/]+|server)/src" },
      to: {
        path: "^(lib/[^/]+|kernel|extension/[^/]+|server)/(src|dist)/",
        pathNot: ["^$1/", "/(src|dist)/(index|core|host)\\.(ts|js|d\\.ts)$"],
      },
    },
    {
      name: "tools-of-tests-are-for-tests",
      comment: "what is shipped knows nothing of them, and they know nothing of what they test",
      severity: "error",
      from: { pathNot: "^test/tools/" },
      to: { path: "^test/tools/" },
    },
    {
      name: "tools-of-tests-know-no-package",
      severity: "error",
      from: { path: "^test/tools/" },
      to: { path: "^(lib|kernel|extension|server)/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^\\.\\./dist|^vscode" } },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: ["/build/", "/test/", "extension/lab/"] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["types", "import", "node", "default"] },
  },
};
