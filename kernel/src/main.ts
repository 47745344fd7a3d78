// The kernel's program: `node main.js CONNECTION_FILE`.
import "./compile-cache.js";
import { readConnection } from "./jupyter/connection.js";
import { Kernel } from "./kernel/kernel.js";
import { whenStarterEnds } from "./kernel/starter.js";

async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (!path) throw new Error("usage: node main.js CONNECTION_FILE");
  const kernel = await Kernel.start(readConnection(path), process.cwd());
  process.on("SIGINT", () => kernel.interrupt());
  process.on("SIGTERM", () => void kernel.close());
  whenStarterEnds(() => void kernel.close());
  await kernel.ended;
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`architech kernel: ${error.message}\n`);
    process.exit(1);
  },
);
