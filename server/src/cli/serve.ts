import { exitCodes } from "./command.js";
import { flagsHelp, parseServerFlags } from "./flags.js";
import { startFromFlags, untilToldToEnd } from "./start.js";

export const summary: string = "serve documents, kernels and runs without the lab's page";

export const help: string = `${summary}

Usage: architech serve [OPTIONS]

${flagsHelp}`;

/** Serves until it is told to end. */
export async function run(argv: readonly string[]): Promise<number> {
  const flags = parseServerFlags("serve", argv);
  const { server, root, data } = await startFromFlags(flags);
  const toldToEnd = untilToldToEnd();
  const { url, token, port } = server;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ url, token, port, root, data, pid: process.pid })}\n`
      : `Architech serves ${root}\n${url}?token=${token}\n`,
  );
  await toldToEnd;
  await server.close();
  return exitCodes.ok;
}
