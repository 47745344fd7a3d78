import { ArchitechError } from "@architech/protocol";

/** A path as clients write it, made normal: no empty segments, no slash first or last. Throws `path-refused` for `..`, NUL and backslashes. */
export function normalPath(path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  for (const segment of segments)
    if (segment === ".." || /[\0\\]/.test(segment) || Buffer.byteLength(segment) > 255)
      throw new ArchitechError(
        "path-refused",
        `path ${JSON.stringify(path.slice(0, 200))} does not stay inside the root`,
      );
  return segments.join("/");
}

/** Whether a path leads through a name that starts with a dot; such files are neither listed nor served. */
export function isHidden(path: string): boolean {
  return path.split("/").some((segment) => segment.startsWith("."));
}

/** The folder that a path stands in; of the root it is the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The last name of a path; the root's is "". */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A path inside a folder. */
export function inside(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** A name's stem and its extension with the dot: `a.tar.gz` is `a.tar` and `.gz`. */
export function splitName(name: string): [string, string] {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
}
