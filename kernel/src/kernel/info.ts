import { readFileSync } from "node:fs";
import { protocolVersion } from "../jupyter/message.js";

const version = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }
).version;

/** What the kernel says of itself. */
export const kernelInfo: Record<string, unknown> = {
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "architech",
  implementation_version: version,
  language_info: {
    name: "typescript",
    version: "6.0",
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `Architech ${version}: TypeScript 6 on Node ${process.versions.node}`,
  debugger: false,
  help_links: [
    { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
    { text: "Node", url: "https://nodejs.org/docs/latest/api/" },
  ],
  supported_features: [],
};
