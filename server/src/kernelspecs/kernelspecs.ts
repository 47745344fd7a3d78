import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";

/** What a `kernel.json` says. */
export interface KernelSpecFile {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode?: "signal" | "message";
  env?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

/** An installed kernelspec and the folder that holds it. */
export interface KernelSpec {
  readonly name: string;
  readonly folder: string;
  readonly spec: KernelSpecFile;
}

/** Finds kernelspecs in Jupyter's data folders; the disk is read each time, so a newly installed kernel shows at once. */
export class KernelSpecs {
  /** The kernelspec a session gets when it names none. */
  readonly preferred: string;
  readonly #folders: () => readonly string[];

  constructor(folders: () => readonly string[], preferred = "architech") {
    this.#folders = folders;
    this.preferred = preferred;
  }

  /** Every kernelspec by name; of two with one name the first folder's wins, and one that cannot be read is left out. */
  async list(): Promise<Map<string, KernelSpec>> {
    const found = new Map<string, KernelSpec>();
    for (const folder of this.#folders()) {
      const kernels = join(folder, "kernels");
      const names = await readdir(kernels).catch(() => []);
      for (const name of names.sort()) {
        const key = name.toLowerCase();
        if (found.has(key)) continue;
        const spec = await readSpec(join(kernels, name));
        if (spec !== undefined) found.set(key, { name: key, folder: join(kernels, name), spec });
      }
    }
    return found;
  }

  /** The name of the kernelspec used when none is named: the preferred one, or the first there is. */
  async defaultName(): Promise<string> {
    const all = await this.list();
    return all.has(this.preferred) ? this.preferred : ([...all.keys()][0] ?? this.preferred);
  }

  /** The kernelspec with this name; throws `kernelspec-not-found` naming those there are. */
  async get(name: string): Promise<KernelSpec> {
    const all = await this.list();
    const spec = all.get(name.toLowerCase());
    if (spec !== undefined) return spec;
    const known = [...all.keys()].join(", ") || "none installed";
    throw new ArchitechError("kernelspec-not-found", `no kernelspec "${name}": there are ${known}`);
  }
}

async function readSpec(folder: string): Promise<KernelSpecFile | undefined> {
  try {
    const spec = JSON.parse(await readFile(join(folder, "kernel.json"), "utf8")) as Partial<KernelSpecFile>;
    if (!Array.isArray(spec.argv) || spec.argv.length === 0) return undefined;
    if (!spec.argv.every((word) => typeof word === "string")) return undefined;
    return { ...spec, argv: spec.argv, display_name: spec.display_name ?? "", language: spec.language ?? "" };
  } catch {
    return undefined;
  }
}
