import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { compileScript } from "../../../server/dist/cli/script/compile.js";
import { type Example, partMark, scriptOf } from "./examples.js";
import { root } from "./pages.js";

/** Below the packages, so that examples find them as a script beside them does. */
const folder = join(root, "test/docs/build/examples");

const nameOf = ({ page, kind, parts: [first] }: Example): string =>
  `${basename(page, ".md")}.${first?.line ?? 0}.${kind}`;

/** Examples as files, compiled together by the compiler of `architech run`. */
export class Scripts {
  /** What the compiler has against them, by the example's file: `file(line,column): error …`. */
  readonly errors: string;
  readonly #files: ReadonlyMap<string, string>;

  constructor(name: string, examples: readonly Example[]) {
    const place = join(folder, name);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    const files = examples.map((example) => `${nameOf(example)}.ts`);
    for (const [i, example] of examples.entries()) writeFileSync(join(place, files[i] ?? ""), scriptOf(example));
    const index = join(place, "index.ts");
    writeFileSync(index, files.map((file) => `import "./${file}";\n`).join(""));
    const { files: compiled, errors } = compileScript(index);
    this.errors = errors;
    this.#files = new Map([...compiled].map(([url, text]) => [decodeURIComponent(basename(url, ".ts")), text]));
    for (const [file, text] of this.#files) writeFileSync(join(place, `${file}.mjs`), text);
    this.#place = place;
  }

  readonly #place: string;

  /** Runs an example here and returns what each of its parts printed. */
  async run(example: Example): Promise<string[]> {
    const lines: string[] = [];
    const { log } = console;
    console.log = (...values: unknown[]) => void lines.push(format(...values));
    try {
      await import(pathToFileURL(join(this.#place, `${nameOf(example)}.mjs`)).href);
    } finally {
      console.log = log;
    }
    return lines
      .join("\n")
      .split(partMark)
      .slice(1)
      .map((text) => text.replace(/^\n/, "").trimEnd());
  }
}

/** What the compiler says of an example, without the file: `7:12 …`, one line each. */
export function complaintsOf(errors: string, example: Example): string {
  const name = nameOf(example).replace(/[.]/g, "\\.");
  const pattern = new RegExp(`${name}\\.ts\\((\\d+),(\\d+)\\): error TS\\d+: (.*)`, "g");
  const start = example.parts[0]?.line ?? 0;
  return [...errors.matchAll(pattern)]
    .map(([, line, column, message]) => `${Number(line) - start}:${column} ${message}`)
    .join("\n");
}
