import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isAlive, thisProcess } from "#src/run/process-mark.js";

describe("a process that is named by its number", () => {
  it("lives while it does", async () => {
    assert.ok(isAlive(thisProcess));
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const { pid } = child as { pid: number };
    assert.ok(isAlive({ pid }));
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.ok(!isAlive({ pid }));
  });

  it("is not what has its number later", () => {
    if (thisProcess.birth === undefined) assert.notEqual(process.platform, "linux");
    else assert.ok(!isAlive({ ...thisProcess, birth: "another boot 1234" }));
  });

  it("is none where it is no number", () => {
    for (const pid of [0, -1, 1.5, Number.NaN]) assert.ok(!isAlive({ pid }));
  });
});
