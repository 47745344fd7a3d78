import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KernelProcess, startKernel } from "../client/kernel-process.js";
import { errorOf, resultOf, tracebackOf } from "../client/outputs.js";

describe("modules in cells", () => {
  let kernel: KernelProcess;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());
  const run = (code: string) => kernel.client.execute(code);
  const write = (path: string, text: string): void => {
    const file = join(kernel.folder, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  };

  it("imports are seen by later cells, values and types alike", async () => {
    await run(
      "import { basename, type ParsedPath } from 'node:path'; import * as os from 'node:os'; import path from 'node:path'",
    );
    const executed = await run(
      "const parsed: ParsedPath = path.parse('/a/b.c'); [basename('/a/b.c'), parsed.ext, os.EOL]",
    );
    assert.equal(resultOf(executed), "[ 'b.c', '.c', '\\n' ]");
  });

  it("takes packages that are ES modules only, with exports for import only", async () => {
    write(
      "node_modules/only-esm/package.json",
      '{"name":"only-esm","type":"module","exports":{".":{"import":{"types":"./index.d.ts","default":"./index.js"}}}}',
    );
    write(
      "node_modules/only-esm/index.js",
      "export const answer = await Promise.resolve(42); export default () => 'default';",
    );
    write(
      "node_modules/only-esm/index.d.ts",
      "export declare const answer: number; declare const f: () => string; export default f;",
    );
    assert.equal(resultOf(await run("import call, { answer } from 'only-esm'; call() + answer")), "'default42'");
    assert.match(
      errorOf(await run("const wrong: string = answer")),
      /Type 'number' is not assignable to type 'string'/,
    );
  });

  it("takes CommonJS packages, also compiled ones with a default", async () => {
    write("node_modules/compiled/package.json", '{"name":"compiled","main":"index.js","types":"index.d.ts"}');
    write(
      "node_modules/compiled/index.js",
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = () => 'yes'; exports.named = 1;",
    );
    write(
      "node_modules/compiled/index.d.ts",
      "declare const f: () => string; export default f; export declare const named: number;",
    );
    assert.equal(resultOf(await run("import compiled, { named } from 'compiled'; compiled() + named")), "'yes1'");
  });

  it("takes TypeScript beside the notebook with its types, and its changes", async () => {
    write(
      "lib/rate.ts",
      "import { base } from './base.js';\nexport interface Rate { perSecond: number }\nexport const rate = (n: number): Rate => ({ perSecond: n * base });\n",
    );
    write("lib/base.ts", "export const base: number = 2;\n");
    assert.equal(
      resultOf(await run("import { rate, type Rate } from './lib/rate.ts'; const r: Rate = rate(2); r.perSecond")),
      "4",
    );
    write("lib/base.ts", "export const base: number = 10;\n");
    utimesSync(join(kernel.folder, "lib/base.ts"), new Date(), new Date(Date.now() + 5_000));
    assert.equal(resultOf(await run("import { rate } from './lib/rate'; rate(2).perSecond")), "20");
  });

  it("reports a type error in a module beside the notebook, with its file", async () => {
    write("broken.ts", "export const n: number = 'text';\n");
    assert.match(errorOf(await run("import { n } from './broken.ts'; n")), /^TS2322: broken\.ts:1:14 Type 'string'/);
    write("broken.ts", "export const n: number = 5;\n");
    utimesSync(join(kernel.folder, "broken.ts"), new Date(), new Date(Date.now() + 5_000));
    assert.equal(resultOf(await run("import { n } from './broken.ts'; n")), "5");
  });

  it("names the line of a module beside the notebook in a traceback", async () => {
    write(
      "throws.ts",
      "interface Gone {\n  a: string;\n}\nexport function fail(): never {\n  throw new Error('from a module');\n}\n",
    );
    assert.match(tracebackOf(await run("import { fail } from './throws.ts'; fail()")), /throws\.ts:5:9/);
  });

  it("says which module is missing", async () => {
    assert.match(errorOf(await run("import { a } from './missing.ts'")), /Cannot find module '\.\/missing\.ts'/);
    assert.match(
      errorOf(await run("await import('no-such-package' as string)")),
      /Cannot find package 'no-such-package'/,
    );
  });

  it("reads json, and has require, __dirname and import.meta", async () => {
    write("data.json", '{"a": [1, 2]}');
    assert.equal(resultOf(await run("import data from './data.json' with { type: 'json' }; data.a")), "[ 1, 2 ]");
    assert.equal(resultOf(await run("require('./data.json').a.length")), "2");
    assert.equal(resultOf(await run("[__dirname, import.meta.dirname].every((one) => one === process.cwd())")), "true");
  });

  it("imports architech without installing anything, the same instance each time", async () => {
    const executed = await run(
      "import * as library from 'architech'; const again = await import('architech'); library === again && Object.keys(library).length > 0",
    );
    assert.equal(resultOf(executed), "true");
    assert.match(errorOf(await run("import { noSuchThing } from 'architech'")), /has no exported member/);
  });
});
