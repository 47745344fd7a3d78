import assert from "node:assert/strict";
import { progressText, StatusLine } from "#src/status-line.js";
import { StandInElement } from "./stand-in-page.js";

describe("progressText()", () => {
  it("says how much is done and about how long it takes", () => {
    assert.equal(progressText({ done: 12, total: 45 }), "12 of 45");
    assert.equal(progressText({ done: 12.9, total: 45, leftMs: 8_200 }), "12 of 45 · 8 s left");
    assert.equal(progressText({ done: 1, total: 2, leftMs: 10 }), "1 of 2 · 1 s left");
    assert.equal(progressText({ done: 1, total: 2, leftMs: 89_000 }), "1 of 2 · 89 s left");
    assert.equal(progressText({ done: 1, total: 2, leftMs: 125_000 }), "1 of 2 · 2 min left");
    assert.equal(progressText({ done: 1, total: 2, leftMs: 9_000_000 }), "1 of 2 · 2.5 h left");
  });
});

describe("StatusLine", () => {
  let line: StatusLine;
  let node: StandInElement;
  before(() => Object.assign(globalThis, { document: { createElement: (name: string) => new StandInElement(name) } }));
  after(() => Reflect.deleteProperty(globalThis, "document"));
  beforeEach(() => {
    line = new StatusLine();
    node = line.node as unknown as StandInElement;
  });

  it("is not seen until there is something to say, and no more when there is not", () => {
    assert.equal(node.hidden, true);
    line.showProgress(undefined, undefined);
    assert.equal(node.hidden, false);
    line.hide();
    assert.equal(node.hidden, true);
  });

  it("shows progress as a bar, one that only moves while nothing is known", () => {
    line.showProgress({ done: 3, total: 12 }, undefined);
    assert.equal(node.child("progress").max, 12);
    assert.equal(node.child("progress").attributes.get("value"), "3");
    assert.equal(node.child("span").textContent, "3 of 12");
    line.showProgress({ done: 3, total: 12 }, undefined, 10);
    assert.equal(node.child("span").textContent, "3 of 12 · in places 10 intervals as one until the run is over");
    line.showProgress({ done: 0, total: 0 }, undefined);
    assert.equal(node.child("progress").attributes.get("value"), undefined);
    assert.equal(node.child("span").textContent, "running …");
  });

  it("has a button where the run can be cancelled, and none where it cannot", () => {
    let cancelled = 0;
    line.showProgress(undefined, () => (cancelled += 1));
    const button = node.child("button");
    assert.equal(button.hidden, false);
    assert.equal(button.textContent, "Cancel");
    button.click();
    assert.equal(cancelled, 1);
    line.showProgress(undefined, undefined);
    assert.equal(button.hidden, true);
    button.click();
    assert.equal(cancelled, 1);
  });

  it("says a sentence in place of the bar, with something to do about it", () => {
    let again = 0;
    line.showNotice("the server is away", "error", { label: "Try again", act: () => (again += 1) });
    assert.equal(node.dataset["state"], "error");
    assert.equal(node.child("progress").hidden, true);
    assert.equal(node.child("span").textContent, "the server is away");
    assert.equal(node.child("button").textContent, "Try again");
    node.child("button").click();
    assert.equal(again, 1);
  });
});
