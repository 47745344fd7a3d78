import assert from "node:assert/strict";
import fc from "fast-check";
import { top } from "#src/engine/core/addresses.js";
import type { Core } from "#src/engine/core-of-machine.js";
import type { Image } from "#src/engine/image.js";
import { Machine } from "#src/engine/machine.js";
import { ScriptCore } from "#src/engine/script-core.js";
import { type CoreModule, coreModule, WasmCore } from "#src/engine/wasm-core.js";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";
import { compile } from "#src/simulation/compile.js";
import { Customs } from "#src/simulation/customs.js";
import { primingModels } from "#src/simulation/prime.js";
import { Scaling } from "#src/simulation/scaling.js";
import { decided } from "../laws/decided.js";
import { anyModel } from "../laws/random-model.js";

/** The module with a check of every place that is read or written. */
async function checkedModule(): Promise<CoreModule> {
  const build = new URL("../../../wasm/build.mjs", import.meta.url).href;
  const { compileCore } = (await import(build)) as { compileCore: (options: object) => Promise<Uint8Array> };
  return new (
    globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => CoreModule } }
  ).WebAssembly.Module(await compileCore({ checked: true }));
}

describe("the engine's core", function () {
  this.timeout(60_000);
  let leanMaker: (image: Image) => Core;
  let makers: readonly ((image: Image) => Core)[];
  before(async () => {
    const [plain, lean, checked] = [coreModule("extended"), coreModule("lean"), await checkedModule()];
    assert.ok(plain !== undefined && lean !== undefined, "WebAssembly compiles here");
    makers = [
      (image) => new ScriptCore(image),
      (image) => new ScriptCore(image, true),
      (image) => new WasmCore(plain, image),
      (image) => new WasmCore(checked, image),
    ];
    leanMaker = (image) => new WasmCore(lean, image);
  });

  /** Everything that a core leaves in its memory, and the means that it handed over. */
  function memoryAfter(
    model: ModelDocument,
    makeCore: (image: Image) => Core,
    budget = 4096,
    untilMs = 400,
  ): { bytes: Buffer; means: number[] } {
    const document = decided(model);
    const { program, layout, scaled, customs } = compile(document);
    const means: number[] = [];
    let core: Core | undefined;
    const machine = new Machine(
      program,
      "3/0",
      20_000,
      (...mean) => means.push(...mean),
      (image) => (core = makeCore(image)),
    );
    machine.host = new Customs(customs, document, "3/0", () => machine.now);
    const scaling = scaled.length > 0 ? new Scaling(machine, layout, scaled, document) : undefined;
    for (let limit = 50; limit <= untilMs; limit += 50) {
      while (scaling !== undefined && scaling.nextMs <= limit) {
        for (let slice = 0; slice < 20; slice++) if (machine.run(scaling.nextMs, budget)) break;
        scaling.act(scaling.nextMs);
      }
      for (let slice = 0; slice < 20; slice++) if (machine.run(limit, budget)) break;
    }
    const buffer = core!.buffer;
    return { bytes: Buffer.from(buffer, 0, 4 * new Int32Array(buffer)[top]!), means };
  }

  function agree(model: ModelDocument, budget?: number, untilMs?: number): void {
    const fits = compile(validate(model)).program.extended ? makers : [...makers, leanMaker];
    const [script, ...others] = fits.map((maker) => memoryAfter(model, maker, budget, untilMs));
    for (const other of others) {
      assert.deepEqual(other.means, script!.means);
      assert.ok(other.bytes.equals(script!.bytes), "the memories are the same, bit for bit");
    }
  }

  it("as JavaScript (whose memory may move each time), as WebAssembly and as checked WebAssembly does the same on every instruction, bit for bit", () => {
    for (const model of primingModels) agree(model);
  });

  it("does so on any model", () => {
    fc.assert(
      fc.property(anyModel, (model) => agree(model, undefined, 100)),
      { seed: 11, numRuns: 400 },
    );
  });

  it("grows its memory as far as it must, and the same way", () => {
    agree({
      architech: 1,
      nodes: { slow: { kind: "service", threads: 1, ops: { serve: [{ do: "cpu", time: "1h" }] } } },
      traffic: { to: "slow", rate: "40000rps", mix: { serve: 1 } },
    });
  });

  it("loses nothing when it grows for the means that it hands over", () => {
    const serve = [{ do: "wait" as const, time: "0.3ms" }];
    for (const rate of ["200000rps", "300000rps", "450000rps"])
      agree(
        {
          architech: 1,
          nodes: { quick: { kind: "service", threads: 1_000_000, ops: { serve } } },
          traffic: { to: "quick", rate, mix: { serve: 1 } },
        },
        1_000_000,
      );
  });

  it("a machine with the checked core ends at a place beyond what is taken", () => {
    const { program } = compile(validate(primingModels[2]!));
    const broken = { ...program, code: program.code.slice() };
    // Every branch of the code leads far outside.
    broken.code.fill(0x0fff_ffff, 4);
    assert.throws(() => {
      const machine = new Machine(broken, "1/0", 100, undefined, makers[3]);
      machine.run(100, 1000);
    }, /unreachable|out of bounds/);
  });
});
