import assert from "node:assert/strict";
import fc from "fast-check";
import ts from "typescript";
import * as architech from "#src/index.js";
import type { Model } from "#src/model/model.js";
import { validate } from "#src/model/validate.js";
import { asTypeScript } from "./as-typescript.js";
import { anyModel } from "./random-model.js";

/** The model that a source makes, with the library in place of its import. */
function evaluated(source: string): Model {
  const imported = source.slice(source.indexOf("{") + 1, source.indexOf("}")).split(",");
  const values = imported.map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("type "));
  const rest = source.slice(source.indexOf(";\n") + 2).replace("export default", "return");
  const body = rest.replace(/^(const \w+): (?:Service|Gateway)<[^>]*>/gm, "$1");
  return new Function("architech", `const { ${values.join(", ")} } = architech;\n${body}`)(architech) as Model;
}

const circular: architech.ModelDocument = {
  architech: 1,
  nodes: {
    "eu-api": {
      kind: "service",
      ops: {
        list: [{ do: "call", to: "import", op: "get" }],
        "look-up": [
          {
            do: "either",
            branches: [
              { weight: 1, steps: [] },
              { weight: 1, steps: [{ do: "call", to: "eu-api", op: "look-up" }] },
            ],
          },
        ],
      },
    },
    import: {
      kind: "service",
      ops: {
        get: [
          {
            do: "either",
            branches: [
              { weight: 1, steps: [] },
              { weight: 1, steps: [{ do: "call", to: "eu-api", op: "list" }] },
            ],
          },
        ],
      },
    },
  },
  traffic: { to: "eu-api", rate: "1rps", mix: { list: 1, "look-up": 0 } },
};

/** With every operation in the mix: types ask for that, documents do not. */
function complete(model: architech.ModelDocument): architech.ModelDocument {
  const { traffic } = model;
  return "classes" in traffic ? model : { ...model, traffic: { ...traffic, mix: { browse: 2, buy: 1 } } };
}

describe("models as TypeScript", () => {
  it("evaluate to the same document, whatever the model", () => {
    fc.assert(
      fc.property(anyModel, (document) => {
        assert.deepEqual(evaluated(asTypeScript(document)).toJSON(), validate(document));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it("call each other in circles, under names that mean something else in the language", () => {
    const source = asTypeScript(circular);
    assert.deepEqual(evaluated(source).toJSON(), validate(circular));
    assert.match(source, /^const eu_api: Service<"list" \| "look-up"> = service\(/m);
    assert.match(source, /call\(\(\) => eu_api, "list"\)/);
    assert.match(source, /"eu-api": eu_api, import: importNode/);
  });

  it("type-check", function () {
    this.timeout(120_000);
    const sources = new Map(
      [circular, ...fc.sample(anyModel.map(complete), { seed: 3, numRuns: 25 })].map((model, i) => [
        `${import.meta.dirname}/model-${i}.ts`,
        asTypeScript(model),
      ]),
    );
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: [],
    };
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (path) => sources.has(path) || fileExists(path);
    host.readFile = (path) => sources.get(path) ?? readFile(path);
    host.getSourceFile = (path, ...rest) =>
      sources.has(path) ? ts.createSourceFile(path, sources.get(path)!, rest[0]) : getSourceFile(path, ...rest);
    const program = ts.createProgram([...sources.keys()], options, host);
    const found = [...sources.keys()].flatMap((path) => program.getSemanticDiagnostics(program.getSourceFile(path)));
    assert.deepEqual(
      found.map(({ file, messageText, start }) => {
        const line = file!.text.slice(0, start).split("\n").length - 1;
        return `${file!.text.split("\n")[line]}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      }),
      [],
    );
  });
});
