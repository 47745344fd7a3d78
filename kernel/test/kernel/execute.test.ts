import assert from "node:assert/strict";
import { type KernelProcess, startKernel } from "../client/kernel-process.js";
import { contents, errorOf, resultOf, streamed, tracebackOf } from "../client/outputs.js";

describe("execute_request", () => {
  let kernel: KernelProcess;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());
  const run = (code: string, options = {}) => kernel.client.execute(code, options);

  it("publishes busy, the input, the output, the result and idle, in this order", async () => {
    const executed = await run("console.log('one'); 1 + 1");
    assert.deepEqual(
      executed.outputs.map(({ header }) => header.msg_type),
      ["status", "execute_input", "stream", "execute_result", "status"],
    );
    assert.equal(resultOf(executed), "2");
    assert.equal(executed.reply.content["status"], "ok");
  });

  it("counts the cells that are stored, and only those", async () => {
    const count = async (options = {}): Promise<unknown> => (await run("0", options)).reply.content["execution_count"];
    const first = Number(await count());
    assert.equal(await count({ store_history: false }), first);
    assert.equal(await count({ silent: true }), first);
    assert.equal(await count(), first + 1);
  });

  it("shows nothing for undefined, an empty cell or a declaration", async () => {
    for (const code of ["undefined", "", "  \n", "// a remark", "const unseen = 1", "type T = 1"])
      assert.equal(resultOf(await run(code)), undefined, code);
    assert.equal(resultOf(await run("null")), "null");
  });

  it("awaits at the top level, and a promise that stands last", async () => {
    assert.equal(resultOf(await run("await Promise.resolve(7)")), "7");
    assert.equal(resultOf(await run("new Promise<string>((resolve) => setTimeout(resolve, 1, 'later'))")), "'later'");
  });

  it("keeps variables one and the same over all cells", async () => {
    await run("let count = 1; function increment() { return ++count; }");
    await run("count = 10");
    assert.equal(resultOf(await run("increment()")), "11");
    assert.equal(resultOf(await run("[count, { count }]")), "[ 11, { count: 11 } ]");
    assert.equal(resultOf(await run("({ count } = { count: 3 }); increment()")), "4");
  });

  it("lets a later cell declare a name anew, and earlier functions see it", async () => {
    await run("const again = 1; class Thing { a = 1 }");
    await run("const reader = () => again");
    assert.equal(resultOf(await run("const again = 'text'; class Thing { b = 2 }; again.length + new Thing().b")), "6");
    assert.equal(resultOf(await run("[again, reader()]")), "[ 'text', 'text' ]");
  });

  it("carries over types, enums, namespaces, generics and classes", async () => {
    await run(
      "interface Box<T> { value: T } type Boxes<T> = Box<T>[]; enum Colour { Red, Green } namespace N { export const a = 1 }",
    );
    await run(
      "class Stack<T> { #items: T[] = []; push(item: T) { this.#items.push(item); return this.#items.length } }",
    );
    assert.equal(
      resultOf(await run("const boxes: Boxes<Colour> = [{ value: Colour.Green }]; boxes[0]!.value + N.a")),
      "2",
    );
    assert.equal(resultOf(await run("new Stack<Box<string>>().push({ value: 'x' })")), "1");
  });

  it("runs `using` and disposes at the end of the cell", async () => {
    const executed = await run("using thing = { [Symbol.dispose]() { console.log('disposed') } }; console.log('used')");
    assert.equal(streamed(executed), "used\ndisposed\n");
  });

  it("accepts `export` before a declaration", async () => {
    await run("export const exported = 4; export default function named() { return exported }");
    assert.equal(resultOf(await run("named() + exported")), "8");
  });

  it("calls functions of other cells without a `this`", async () => {
    await run("function whoAmI(this: unknown) { return this }");
    assert.equal(resultOf(await run("String(whoAmI())")), "'undefined'");
  });

  it("refuses a type error with its place, and executes nothing", async () => {
    const executed = await run("console.log('not reached');\nconst n: number = 'text'");
    assert.equal(errorOf(executed), "TS2322: 2:7 Type 'string' is not assignable to type 'number'.");
    assert.match(tracebackOf(executed), /2:7 TS2322: Type .*\n {2}const n: number = 'text'\n {8}~/);
    assert.equal(streamed(executed), "");
    assert.equal(contents(executed, "error").length, 1);
  });

  it("refuses what does not parse, and what no cell declared", async () => {
    assert.match(errorOf(await run("const = 1")), /^TS1134: 1:7 Variable declaration expected/);
    assert.match(errorOf(await run("neverDeclared")), /^TS2304: 1:1 Cannot find name 'neverDeclared'/);
  });

  it("reports an error at run time with its name, message and the lines of the cell", async () => {
    await run(
      `interface Padding {\n  gone: string;\n}\n\nfunction fail(depth: number): never {\n  throw new RangeError("at " + depth);\n}`,
    );
    const executed = await run("// call it\n\nfail(3)");
    assert.equal(errorOf(executed), "RangeError: at 3");
    const traceback = tracebackOf(executed);
    const count = Number(executed.reply.content["execution_count"]);
    assert.match(traceback, /❯ 6 │ {3}throw new RangeError/);
    assert.match(traceback, new RegExp(`at fail \\(\\[${count - 1}\\]:6:9\\)\\n +at \\[${count}\\]:3:\\d+$`));
  });

  it("reports whatever is thrown, with its cause", async () => {
    assert.equal(errorOf(await run("throw 'a string'")), "Thrown: 'a string'");
    assert.equal(errorOf(await run("throw undefined")), "Thrown: undefined");
    const traceback = tracebackOf(await run("throw new Error('outer', { cause: new Error('inner') })"));
    assert.match(traceback, /Error: outer(.|\n)*caused by Error: inner/);
    assert.match(errorOf(await run("await Promise.reject(new TypeError('late'))")), /^TypeError: late/);
  });

  it("keeps what a failed cell had initialised, and the earlier value of what it had not", async () => {
    await run("const kept = 'old', lost = 'old'");
    await run("const kept = 'new'; if (kept) throw new Error('stop'); const lost = 'new';");
    assert.equal(resultOf(await run("[kept, lost]")), "[ 'new', 'old' ]");
  });

  it("publishes no input and no result for a silent cell", async () => {
    const executed = await run("const quiet = 5; quiet", { silent: true });
    assert.deepEqual(
      executed.outputs.map(({ header }) => header.msg_type),
      ["status", "status"],
    );
    assert.equal(resultOf(await run("quiet")), "5");
  });

  it("evaluates user expressions after the cell, each with its own outcome", async () => {
    const { reply } = await run("const base = 2", { user_expressions: { twice: "base * 2", wrong: "base.nope" } });
    const values = reply.content["user_expressions"] as Record<string, Record<string, unknown>>;
    assert.deepEqual(values["twice"], { status: "ok", data: { "text/plain": "4" }, metadata: {} });
    assert.equal(values["wrong"]?.["status"], "error");
    assert.equal(values["wrong"]?.["ename"], "TS2339");
  });

  it("aborts what was queued behind an error, unless told not to", async () => {
    const ids = ["throw new Error('first')", "'second'", "'third'"].map((code) => kernel.client.start(code));
    const replies = await Promise.all(ids.map((id) => kernel.client.executed(id)));
    assert.deepEqual(
      replies.map(({ reply }) => reply.content["status"]),
      ["error", "aborted", "aborted"],
    );
    const first = kernel.client.start("throw new Error('first')", { stop_on_error: false });
    const second = kernel.client.start("'second'");
    assert.equal((await kernel.client.executed(first)).reply.content["status"], "error");
    assert.equal(resultOf(await kernel.client.executed(second)), "'second'");
  });

  it("answers `name?` with a page about the name", async () => {
    const { reply } = await run("Math.sqrt?");
    const [page] = reply.content["payload"] as { source: string; data: Record<string, string> }[];
    assert.equal(page?.source, "page");
    assert.match(page?.data["text/plain"] ?? "", /Math\.sqrt\(x: number\): number/);
  });
});
