import assert from "node:assert/strict";
import * as architech from "#src/index.js";
import fc from "fast-check";
import type { Model } from "#src/model/model.js";
import { validate } from "#src/model/validate.js";
import { asTypeScript } from "./as-typescript.js";
import { anyModel } from "./random-model.js";

/** The model that a source makes, with the library in place of its import. */
function evaluated(source: string): Model {
  const names = /^import \{([^}]*)\}/.exec(source)![1]!.split(",").map((name) => name.trim());
  const values = names.filter((name) => name !== "" && !name.startsWith("type "));
  const body = source.slice(source.indexOf(";\n") + 2).replace("export default", "return");
  const untyped = body.replace(/^(const \w+): Service<[^>]*>/gm, "$1");
  return new Function("architech", `const { ${values.join(", ")} } = architech;\n${untyped}`)(architech) as Model;
}

describe("models as TypeScript", () => {
  it("evaluate to the same document, whatever the model", () => {
    fc.assert(
      fc.property(anyModel, (document) => {
        assert.deepEqual(evaluated(asTypeScript(document)).toJSON(), validate(document));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
