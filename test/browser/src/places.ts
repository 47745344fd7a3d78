import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../../..", import.meta.url));

/** Path of a picture of what a test saw, for people to look at. */
export function shot(name: string): string {
  const folder = join(root, "test/browser/build/shots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}
