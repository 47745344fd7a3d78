import assert from "node:assert/strict";
import { firstDemo } from "#src/first-demo.js";

const entry = (name: string, type = "notebook") => ({ name, path: `Demos/${name}`, type });

describe("firstDemo()", () => {
  it("is the one called the first, else the one that comes first by name, numbers by their value", () => {
    assert.equal(firstDemo([entry("10-b.ipynb"), entry("2-a.ipynb")]), "Demos/2-a.ipynb");
    assert.equal(firstDemo([entry("retry.ipynb"), entry("First.ipynb")]), "Demos/First.ipynb");
    assert.equal(firstDemo([entry("autoscaling.ipynb"), entry("first-what-if.ipynb")]), "Demos/first-what-if.ipynb");
  });

  it("is no folder and no other file", () => {
    assert.equal(firstDemo([entry("a", "directory"), entry("b.md", "file")]), undefined);
    assert.equal(firstDemo([]), undefined);
  });
});
