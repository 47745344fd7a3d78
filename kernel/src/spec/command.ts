import { fileURLToPath } from "node:url";

/** The command line that starts the kernel on a connection file, this Node running it. */
export function kernelCommand(connectionFile: string): string[] {
  return [process.execPath, fileURLToPath(new URL("../main.js", import.meta.url)), connectionFile];
}
