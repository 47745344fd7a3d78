import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atomicWrite } from "../contents/files/atomic-write.js";
import type { Kept, Texts } from "./texts.js";

/** Texts as files of a folder and its folders. */
export class FolderTexts implements Texts {
  readonly #folder: string;
  readonly #extension: string;

  constructor(folder: string, extension: string) {
    this.#folder = folder;
    this.#extension = extension;
  }

  async names(): Promise<string[]> {
    const files = await readdir(this.#folder, { recursive: true }).catch(() => []);
    return files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(this.#extension))
      .map((file) => file.slice(0, -this.#extension.length))
      .sort();
  }

  async get(name: string): Promise<Kept | undefined> {
    const file = this.#file(name);
    try {
      const text = await readFile(file, "utf8");
      const { birthtime, mtime } = await stat(file);
      return { name, text, created: birthtime, modified: mtime };
    } catch {
      return undefined;
    }
  }

  async set(name: string, text: string): Promise<void> {
    const file = this.#file(name);
    await mkdir(dirname(file), { recursive: true });
    await atomicWrite(file, Buffer.from(text));
  }

  async delete(name: string): Promise<boolean> {
    return rm(this.#file(name)).then(
      () => true,
      () => false,
    );
  }

  #file(name: string): string {
    return join(this.#folder, name + this.#extension);
  }
}
