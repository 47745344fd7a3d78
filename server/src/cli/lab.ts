import { ArchitechError } from "@architech/protocol";
import { normalPath } from "../contents/path.js";
import { findLab } from "../lab/build.js";
import { hasBrowser, openBrowser } from "./browser.js";
import { exitCodes } from "./command.js";
import { seedDemos } from "./demos.js";
import { flagsHelp, parseServerFlags } from "./flags.js";
import { untilToldToEnd } from "./told-to-end.js";

export const summary: string = "open the lab: JupyterLab with TypeScript notebooks, charts and diagrams";

export const help: string = `${summary}

Usage: architech lab [OPTIONS] [DOCUMENT]

  --no-browser         only print the lab's address
  --no-demos           do not put a Demos folder beside the documents on the first start
${flagsHelp}`;

/** Serves the lab until it is told to end. */
export async function run(argv: readonly string[]): Promise<number> {
  const flags = parseServerFlags("lab", argv);
  const lab = findLab();
  if (lab === undefined)
    throw new ArchitechError("lab-not-built", "the lab has not been built: run npm run build, then start again");
  const { startFromFlags } = await import("./start.js");
  const { server, root, data } = await startFromFlags(flags, lab);
  const toldToEnd = untilToldToEnd();
  if (flags.demos && server.documents && server.contents)
    await seedDemos(server.documents, server.contents).catch((error: Error) => {
      process.stderr.write(`architech: no Demos folder was made: ${error.message}\n`);
    });
  const { url, token, port } = server;
  const page = `${url}lab${flags.path === undefined ? "" : treePath(flags.path)}`;
  const address = token === "" ? page : `${page}?token=${token}`;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ url: address, token, port, root, data, pid: process.pid })}\n`
      : `Architech is ready, with the documents of ${root}. Ctrl-C ends it and its kernels.\n\n${address}\n\n`,
  );
  if (flags.browser && !flags.json && hasBrowser()) await openBrowser(address);
  await toldToEnd;
  await server.close();
  return exitCodes.ok;
}

function treePath(path: string): string {
  return `/tree/${normalPath(path).split("/").map(encodeURIComponent).join("/")}`;
}
