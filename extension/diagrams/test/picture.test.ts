import assert from "node:assert/strict";
import { pictureOf, pictureOfText } from "#src/picture.js";

const model = {
  architech: 1,
  nodes: { api: { kind: "service", ops: { serve: [{ do: "cpu", time: "5ms" }] } } },
  traffic: { to: "api", rate: "1rps", mix: { serve: 1 } },
};

describe("pictureOfText()", () => {
  const refused: Record<string, string> = {
    "what is no JSON": "{",
    nothing: "",
    "a number": "5",
    null: "null",
    "a list": "[]",
    "an object that is no model": '{"hello": "world"}',
    "a model of an unknown version": JSON.stringify({ ...model, architech: 99 }),
    "a model without nodes": JSON.stringify({ ...model, nodes: {} }),
    "a node of an unknown kind": JSON.stringify({ ...model, nodes: { api: { kind: "mainframe" } } }),
    "traffic to a node that is not there": JSON.stringify({ ...model, traffic: { to: "web", rate: "1rps" } }),
    "a key that reaches for the prototype": '{"__proto__": {"architech": 1}}',
  };
  for (const [what, text] of Object.entries(refused))
    it(`refuses ${what} with a code`, async () => {
      await assert.rejects(pictureOfText(text), (error: Error & { code?: string }) => {
        assert.equal(error.name, "ArchitechError");
        assert.match(error.code ?? "", /^[a-z]+(-[a-z]+)+$/);
        return true;
      });
    });

  it("refuses a document that is too large before it reads it", async () => {
    await assert.rejects(pictureOfText(" ".repeat((4 << 20) + 1)), { code: "model-too-large" });
  });
});

describe("pictureOf()", () => {
  /** What is put into the page of what is drawn. */
  let drawn: string;
  before(() => {
    class DOMParser {
      parseFromString(text: string): { documentElement: { localName: string } } {
        drawn = text;
        return { documentElement: { localName: "svg" } };
      }
    }
    Object.assign(globalThis, { DOMParser, document: { importNode: (node: unknown) => node } });
  });
  after(() => {
    for (const name of ["DOMParser", "document"]) Reflect.deleteProperty(globalThis, name);
  });

  it("draws a model with what is known of its nodes", async () => {
    await pictureOf(model, { api: { util: 0.42, replicas: 3 } });
    assert.match(drawn, /data-node="api"/);
    assert.match(drawn, />42 %</);
  });

  it("takes no notice of values that are no numbers", async () => {
    for (const values of [undefined, null, "no", 5, { api: null }, { api: { util: "high", replicas: Number.NaN } }]) {
      await pictureOf(model, values);
      assert.match(drawn, /data-node="api"/);
      assert.doesNotMatch(drawn, /arch-fill/);
    }
  });
});
