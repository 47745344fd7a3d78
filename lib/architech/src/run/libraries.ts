import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { provideArrow } from "../experiment/arrow-library.js";
import { provideYaml } from "../manifest/yaml-library.js";

// Libraries that not every script needs: loading them takes longer than most runs.

const require = createRequire(import.meta.url);

// The very module that `import "apache-arrow"` gives, so that tables from here are its tables.
provideArrow(() => require(fileURLToPath(import.meta.resolve("apache-arrow"))) as typeof import("apache-arrow"));
provideYaml(() => require("yaml") as typeof import("yaml"));
