import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TypeScriptConverter } from "#src/converter/typescript-converter.js";

describe("Node's types", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "architech-node-types-"));
    const types = join(folder, "node_modules/@types/node");
    mkdirSync(types, { recursive: true });
    writeFileSync(join(types, "package.json"), '{"name":"@types/node","version":"18.0.0","types":"index.d.ts"}');
    writeFileSync(join(types, "index.d.ts"), 'declare module "node:fs" { export const onlyInTheFolder: 1; }\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it("are the kernel's own, and no second copy that the notebook's folder has", () => {
    const converter = new TypeScriptConverter(folder);
    assert.equal(converter.convert('import { readFileSync } from "node:fs"; import "architech";').ok, true);
    const second = converter.convert('import { onlyInTheFolder } from "node:fs";');
    assert.ok(!second.ok && /no exported member 'onlyInTheFolder'/.test(JSON.stringify(second.problems)));
  });
});
