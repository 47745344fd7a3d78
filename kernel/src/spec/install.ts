import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ArchitechError } from "@architech/protocol";
import { kernelCommand } from "./command.js";
import { specFolder } from "./folders.js";
import { makeFolder } from "./make-folder.js";

/** Where and under which name a kernelspec is installed. */
export interface KernelSpecOptions {
  /** A folder with `share/jupyter` in it, such as that of a Python environment. */
  readonly prefix?: string;
  /** For this user (the default) or, when false and without `prefix`, for all. */
  readonly user?: boolean;
  /** What notebooks call the kernel; default `architech`. */
  readonly name?: string;
  /** What people see; default `TypeScript (Architech)`. */
  readonly displayName?: string;
}

const defaultName = "architech";
const logos = fileURLToPath(new URL("../../logo/", import.meta.url));

/** What `kernel.json` says. */
export function kernelSpec(displayName = "TypeScript (Architech)"): Record<string, unknown> {
  return {
    argv: kernelCommand("{connection_file}"),
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/** Registers the kernel with Jupyter and returns the folder it wrote. Installing again renews what is there. Throws `data-not-writable`. */
export async function installKernelSpec(options: KernelSpecOptions = {}): Promise<string> {
  const folder = specFolder(nameOf(options), options);
  try {
    await makeFolder(folder);
    await cp(logos, folder, { recursive: true });
    await writeFile(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(options.displayName), null, 2)}\n`);
  } catch (error) {
    throw notWritable(folder, error);
  }
  return folder;
}

/** Takes the kernel out of Jupyter again and returns the folder that is gone. Throws `data-not-writable`. */
export async function uninstallKernelSpec(options: KernelSpecOptions = {}): Promise<string> {
  const folder = specFolder(nameOf(options), options);
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw notWritable(folder, error);
  });
  return folder;
}

function notWritable(folder: string, cause: unknown): ArchitechError {
  const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  const message = `the kernelspec folder ${folder} cannot be written (${why}): name another place with --prefix`;
  return new ArchitechError("data-not-writable", message, { cause });
}

function nameOf({ name = defaultName }: KernelSpecOptions): string {
  if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name))
    throw new ArchitechError(
      "invalid-argument",
      `kernel name ${JSON.stringify(name)} may hold letters, digits, ".", "-" and "_" only`,
    );
  return name;
}
