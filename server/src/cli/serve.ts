import { pause } from "@architech/protocol";
import { findLab } from "../lab/build.js";
import { exitCodes } from "./command.js";
import { flagsHelp, parseServerFlags, serveHelp } from "./flags.js";
import { untilToldToEnd } from "./told-to-end.js";

export const summary: string = "serve documents, kernels and runs without the lab's page, or a part of a cluster";

export const help: string = `${summary}

Usage: architech serve [OPTIONS]

${serveHelp}${flagsHelp}`;

/** Serves until it is told to end. */
export async function run(argv: readonly string[]): Promise<number> {
  const flags = parseServerFlags("serve", argv);
  const lab = flags.roles.includes("gateway") ? findLab() : undefined;
  const { startFromFlags } = await import("./start.js");
  const { server, root, data } = await startFromFlags(flags, lab);
  const toldToEnd = untilToldToEnd();
  const { url, token, port } = server;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ url, token, port, root, data, pid: process.pid })}\n`
      : `Architech serves ${root ?? flags.roles.join(" and ")}\n${url}?token=${token}\n`,
  );
  const signal = await toldToEnd;
  server.drain();
  // Who is at the keyboard waits for nothing.
  if (signal === "SIGTERM" && flags.graceMs > 0) await pause(flags.graceMs);
  await server.close();
  return exitCodes.ok;
}
