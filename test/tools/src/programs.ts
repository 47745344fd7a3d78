import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is: on the path, where a system keeps those of its administrator, or in one of the folders given. */
export function findProgram(name: string, ...folders: string[]): string | undefined {
  const places = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", ...folders];
  return places.map((place) => join(place, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
