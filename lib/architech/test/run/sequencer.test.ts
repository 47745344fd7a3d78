import assert from "node:assert/strict";
import { Sequencer } from "#src/run/sequencer.js";

describe("Sequencer", () => {
  it("passes the first unfinished task's rows at once, and those of later ones in order", () => {
    const passed: string[] = [];
    const sequencer = new Sequencer((task, table, [value]) => passed.push(`${task}:${table}:${value}`));
    sequencer.add(1, "summary", Uint8Array.of(1));
    sequencer.add(0, "series", Uint8Array.of(2));
    assert.deepEqual(passed, ["0:series:2"]);
    sequencer.end(2);
    sequencer.end(0);
    assert.deepEqual(passed, ["0:series:2", "1:summary:1"]);
    assert.equal(sequencer.head, 1);
    sequencer.add(1, "summary", Uint8Array.of(3));
    sequencer.end(1);
    assert.deepEqual(passed, ["0:series:2", "1:summary:1", "1:summary:3"]);
    assert.equal(sequencer.head, 3);
  });
});
