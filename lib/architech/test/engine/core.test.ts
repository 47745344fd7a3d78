import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import * as addresses from "#src/engine/core/addresses.js";
import type { Core } from "#src/engine/core-of-machine.js";
import type { Image } from "#src/engine/image.js";
import { Machine } from "#src/engine/machine.js";
import { NotesReader, NotesWriter } from "#src/engine/notes.js";
import type { Program } from "#src/engine/program.js";
import { ScriptCore } from "#src/engine/script-core.js";
import { specialisedModule } from "#src/engine/specialise/index.js";
import { fixed } from "#src/engine/specialise/known.js";
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

const { top } = addresses;

describe("the engine's core", function () {
  this.timeout(240_000);
  type Maker = (image: Image, program: Program) => Core;
  let leanMaker: Maker;
  let makers: readonly Maker[];
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

  /** A core that runs this program only. */
  function special(image: Image, program: Program): Core {
    const module = specialisedModule(program, image.ints);
    assert.ok(module !== undefined, "the program is small enough");
    return new WasmCore(module, image);
  }

  /** Everything that a core leaves in its memory, the means that it handed over, and whether it reached where it was to. */
  function memoryAfter(
    model: ModelDocument,
    makeCore: Maker,
    budget = 4096,
    untilMs = 400,
    next: Maker | undefined = undefined,
  ): { bytes: Buffer; means: number[] } {
    const document = decided(model);
    const { program, layout, scaled, customs } = compile(document);
    const means: number[] = [];
    let core: Core | undefined;
    const begin = (maker: Maker): { machine: Machine; scaling: Scaling | undefined } => {
      const machine = new Machine(
        program,
        "3/0",
        20_000,
        (...mean) => means.push(...mean),
        (image) => (core = maker(image, program)),
      );
      machine.host = new Customs(customs, document, "3/0", () => machine.now);
      return { machine, scaling: scaled.length > 0 ? new Scaling(machine, layout, scaled, document) : undefined };
    };
    let { machine, scaling } = begin(makeCore);
    const reaches = (limit: number): boolean => {
      const reached = machine.run(limit, budget);
      means.push(reached ? 1 : 0);
      return reached;
    };
    for (let limit = 50; limit <= untilMs; limit += 50) {
      if (next !== undefined && limit > 50) {
        const notes = new NotesWriter();
        scaling?.keep(notes);
        const memory = machine.save();
        ({ machine, scaling } = begin(limit % 100 === 0 ? next : makeCore));
        machine.load(memory);
        scaling?.keep(new NotesReader(notes.written));
      }
      while (scaling !== undefined && scaling.nextMs <= limit) {
        for (let slice = 0; slice < 20; slice++) if (reaches(scaling.nextMs)) break;
        scaling.act(scaling.nextMs);
      }
      for (let slice = 0; slice < 20; slice++) if (reaches(limit)) break;
    }
    const buffer = core!.buffer;
    return { bytes: Buffer.from(buffer, 0, 4 * new Int32Array(buffer)[top]!), means };
  }

  function agree(model: ModelDocument, budget?: number, untilMs?: number, among = makers): void {
    const fits = compile(validate(model)).program.extended ? among : [...among, leanMaker];
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

  it("made for one program does so on every instruction, and on any model", () => {
    const plain = makers[2]!;
    for (const model of primingModels) agree(model, undefined, undefined, [plain, special]);
    fc.assert(
      fc.property(anyModel, (model) => {
        const { program } = compile(validate(model));
        // What is too large for it is said so, and left alone.
        fc.pre(program.code.length < 400);
        agree(model, undefined, 100, [plain, special]);
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it("goes on with a core made for one program in the middle of a run, and grows with it", () => {
    const model: ModelDocument = {
      architech: 1,
      nodes: { slow: { kind: "service", threads: 1, ops: { serve: [{ do: "cpu", time: "1h" }] } } },
      traffic: { to: "slow", rate: "40000rps", mix: { serve: 1 } },
    };
    const { program } = compile(validate(model));
    const [plain, changed] = [false, true].map((changes) => {
      let core: Core | undefined;
      const make = (image: Image): Core => (core = new WasmCore(coreModule("lean")!, image));
      const machine = new Machine(program, "4/0", 20_000, undefined, make);
      for (let limit = 10; limit <= 200; limit += 10) {
        if (changes && limit === 100) machine.specialise(specialisedModule);
        while (!machine.run(limit, 512));
      }
      return Buffer.from(core!.buffer, 0, 4 * new Int32Array(core!.buffer)[top]!);
    });
    assert.ok(changed!.equals(plain!), "the memories are the same, bit for bit");
  });

  it("goes on in any other core from a copy of its memory", () => {
    fc.assert(
      fc.property(anyModel, fc.nat(20), (model, i) => {
        const { program, customs } = compile(decided(model));
        // What functions outside of it keep is not in its memory.
        fc.pre(customs.length === 0);
        const among = program.code.length < 400 ? [...makers, special] : makers;
        const [from, to] = [among[i % among.length]!, among[(i + 1) % among.length]!];
        const [whole, moved] = [undefined, to].map((next) => memoryAfter(model, from, undefined, 200, next));
        assert.deepEqual(moved!.means, whole!.means);
        assert.ok(moved!.bytes.equals(whole!.bytes), "the memories are the same, bit for bit");
      }),
      { seed: 13, numRuns: 50 },
    );
  });

  it("refuses a memory of another program", () => {
    const [one, other] = primingModels.map((model) => new Machine(compile(validate(model)).program, "3/0", 100));
    assert.throws(() => one!.load(other!.save()), { code: "checkpoint-refused" });
    assert.throws(() => one!.load(one!.save().subarray(8)), { code: "checkpoint-refused" });
  });

  it("takes for fixed what the core's source never writes", () => {
    const folder = new URL("../../../src/engine/core/", import.meta.url);
    const source = readdirSync(folder, "utf8").map((name) => readFileSync(new URL(name, folder), "utf8"));
    const names = Object.entries(addresses).filter(([, place]) => fixed.has(place));
    assert.ok(names.length >= fixed.size);
    for (const [name] of names)
      for (const text of source) assert.doesNotMatch(text, new RegExp(`I\\[at\\.${name}\\] =[^=]`), name);
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
      const machine = new Machine(broken, "1/0", 100, undefined, (image) => makers[3]!(image, broken));
      machine.run(100, 1000);
    }, /unreachable|out of bounds/);
  });
});
