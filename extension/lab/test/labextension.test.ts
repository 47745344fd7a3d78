import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const lab = fileURLToPath(new URL("../..", import.meta.url));

/** What JupyterLab reads of a prebuilt extension. */
interface Described {
  readonly name: string;
  readonly version: string;
  readonly jupyterlab: {
    readonly _build: { readonly load: string; readonly extension: string; readonly style: string };
  };
}

describe("the prebuilt extensions", function () {
  this.timeout(180_000);
  before(() => execFileSync(process.execPath, [join(lab, "labextension.mjs")]));

  for (const name of ["charts", "diagrams"]) {
    const folder = join(lab, "build/prebuilt/@architech", name);

    it(`${name} tells JupyterLab what to load, and that is there`, () => {
      const described = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Described;
      const { load, extension, style } = described.jupyterlab._build;
      assert.equal(described.name, `@architech/${name}`);
      assert.match(load, /^static\/remoteEntry\.[0-9a-f]+\.js$/);
      assert.ok(statSync(join(folder, load)).size > 0);
      assert.equal(extension, "./extension");
      assert.equal(style, "./style");
    });

    it(`${name} loads only what is small before anything is drawn`, () => {
      const sizes = readdirSync(join(folder, "static"))
        .filter((file) => file.endsWith(".js"))
        .map((file) => ({ file, size: statSync(join(folder, "static", file)).size }));
      const entry = sizes.filter(({ file }) => file.startsWith("remoteEntry."));
      assert.ok(entry.every(({ size }) => size < 60_000));
      assert.ok(
        sizes.some(({ size }) => size > 100_000),
        "what draws is in a file of its own",
      );
    });
  }
});
