import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const folder = join(import.meta.dirname, "../../test/types");
/** As much as a person reads before looking elsewhere; a line may ask for more: `// error in 1400: …`. */
const longest = 700;

/** Compiles files of the folder, or text under a name in it, as a person's cells are compiled. */
function problems(
  files: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): { readonly found: readonly ts.Diagnostic[]; readonly program: ts.Program } {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, "tsconfig.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  const options = config!.options;
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const held = (path: string): string | undefined => texts[path.slice(folder.length + 1)];
  host.readFile = (path) => held(path) ?? read(path);
  const exists = host.fileExists.bind(host);
  host.fileExists = (path) => held(path) !== undefined || exists(path);
  const source = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    held(path) === undefined ? source(path, ...rest) : ts.createSourceFile(path, held(path)!, rest[0]);
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
    host,
  );
  return {
    found: [
      ...program.getSyntacticDiagnostics(),
      ...program.getSemanticDiagnostics(),
      ...program.getGlobalDiagnostics(),
    ],
    program,
  };
}

const textOf = (problem: ts.Diagnostic): string => ts.flattenDiagnosticMessageText(problem.messageText, "\n");

describe("the types of the language", function () {
  this.timeout(60_000);
  const names = readdirSync(folder).filter((name) => name.startsWith("misuse-"));
  const { found } = problems(names);
  let count = 0;

  for (const name of names) {
    describe(`refuse, in ${name}`, () => {
      const lines = readFileSync(join(folder, name), "utf8").split("\n");
      const here = found.filter(({ file }) => file?.fileName.endsWith(`/${name}`));
      const lineOf = (problem: ts.Diagnostic): number =>
        problem.file!.getLineAndCharacterOfPosition(problem.start!).line;
      const announced = lines.flatMap((line, i) => {
        const [, limit, expected] = /^\/\/ error(?: in (\d+))?: (.*)/.exec(line) ?? [];
        return expected === undefined ? [] : [{ expected, line: i + 1, limit: Number(limit ?? longest) }];
      });
      count += announced.length;

      for (const { expected, line, limit } of announced) {
        it(lines[line]!.slice(0, 120), () => {
          const messages = here.filter((problem) => lineOf(problem) === line).map(textOf);
          assert.ok(messages.length > 0, `accepted: ${lines[line]}`);
          assert.ok(
            messages.some((message) => message.includes(expected)),
            `said:\n${messages.join("\n")}\ninstead of:\n${expected}`,
          );
          for (const message of messages)
            assert.ok(message.length <= limit, `${message.length} characters are too many:\n${message}`);
        });
      }

      it("and nothing else", () => {
        const others = here.filter((problem) => !announced.some(({ line }) => line === lineOf(problem)));
        assert.deepEqual(
          others.map((problem) => `${lineOf(problem) + 1}: ${textOf(problem)}`),
          [],
        );
      });
    });
  }

  it("are held by more than a hundred misuses", () => assert.ok(count > 100, String(count)));

  it("accept the whole language", () => {
    const { found } = problems(["use.ts", "shop.ts"]);
    assert.deepEqual(found.map(textOf), []);
  });

  for (const [code, expected] of [
    [`run.then((result) => result.estimate("|"));`, ["api.latency.p99", "orders.util", "traffic.browse.rate"]],
    [`run.then((result) => result.table("api.rate", "|"));`, ["api.latency.p99", "orders.util", "traffic.browse.rate"]],
    [`run.watch("api.rate", "|");`, ["api.latency.p99", "orders.util", "traffic.browse.rate"]],
    [`shop.run({ until: "1s", metric: "|" });`, ["api.latency.p99", "orders.util", "traffic.browse.rate"]],
    [`compare(shop, {}, { until: "1s", metric: "|" });`, ["api.latency.p99", "orders.util", "traffic.browse.rate"]],
    ["shop.with({ | });", ["api", "orders", "traffic"]],
    ["shop.with({ api: { | } });", ["replicas", "threads"]],
  ] as const)
    it(`complete ${code}`, () => {
      const names = completions(code);
      for (const name of expected) assert.ok(names.includes(name), `${name} is not among ${names.join(", ")}`);
    });

  it("check a model of 100 nodes with a sweep over it (measured)", () => {
    const { text, nodes } = bigModel(100);
    const empty = elapsed(() => problems(["empty.ts"], { "empty.ts": 'import "architech";' }));
    let types = 0;
    const all = elapsed(() => {
      const { found, program } = problems(["big.ts"], { "big.ts": text });
      assert.deepEqual(found.map(textOf), []);
      types = program.getInstantiationCount();
    });
    console.log(
      `      ${nodes} nodes: ${Math.round(all - empty)} ms beyond the ${Math.round(empty)} ms of an empty program, ${types} instantiations`,
    );
  });
});

/** What an editor lists where the mark is. */
function completions(code: string): readonly string[] {
  const before =
    'import { compare } from "architech";\nimport { shop } from "./shop.js";\nconst run = shop.run({ until: "1s" });\n';
  const { program } = problems(["written.ts"], { "written.ts": before + code.replace("|", "") });
  const options = program.getCompilerOptions();
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [join(folder, "written.ts")],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = program.getSourceFile(path)?.text;
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  });
  const place = before.length + code.indexOf("|");
  const found = service.getCompletionsAtPosition(join(folder, "written.ts"), place, {});
  return found?.entries.map(({ name }) => name) ?? [];
}

function elapsed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** A chain of services, each before a database of its own, with a metric of the last one asked for. */
function bigModel(nodes: number): { readonly text: string; readonly nodes: number } {
  const pairs = nodes / 2;
  const lines = ['import { cpu, database, lineY, model, plot, service, sweep } from "architech";'];
  for (let i = pairs; i > 0; i--) {
    const next = i === pairs ? "" : `, s${i + 1}.call("read")`;
    lines.push(`const d${i} = database({ connections: 10, read: "4ms", write: "9ms" });`);
    lines.push(
      `const s${i} = service({ replicas: 2, ops: { read: [cpu("1ms"), d${i}.read()${next}], write: [d${i}.write()], list: [d${i}.read()], drop: [d${i}.write()], ping: [] } });`,
    );
  }
  const names = Array.from({ length: pairs }, (_, i) => `s${i + 1}, d${i + 1}`).join(", ");
  lines.push(
    `const all = model({ ${names} }, { to: s1, rate: "10rps", mix: { read: 1, write: 1, list: 1, drop: 1, ping: 1 } });`,
  );
  lines.push(
    `const load = sweep(all, { rps: [10, 20] }, ({ rps }) => ({ traffic: { rate: \`\${rps}rps\` }, d${pairs}: { connections: rps } }), { until: "1min" });`,
  );
  lines.push(`plot({ marks: [lineY(load, { x: "rps", y: "s${pairs}.list.latency.p99" })] });`);
  lines.push(`const run = all.run({ until: "1min" });`);
  lines.push(`run.watch("s1.rate", "d${pairs}.util");`);
  lines.push(`(await run).table("s1.latency.p99", "d${pairs}.util", "traffic.errors");`);
  lines.push(`export const p99 = (await run).estimate("s${pairs}.list.latency.p99");`);
  return { text: lines.join("\n"), nodes };
}
