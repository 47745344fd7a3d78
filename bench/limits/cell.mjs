// A cell with a model of 100 nodes, checked and turned into JavaScript as the kernel does it: prints CPU milliseconds of
// the first such cell in a kernel and the median of further ones, each of other text.
import { fileURLToPath } from "node:url";
import { TypeScriptConverter } from "../../kernel/dist/converter/typescript-converter.js";
import { median } from "../measure/statistics.mjs";

const nodes = 100;
const converter = new TypeScriptConverter(fileURLToPath(new URL("..", import.meta.url)));

function cpuOf(code) {
  const before = process.cpuUsage();
  const { ok, problems } = converter.convert(code);
  if (!ok) throw new Error(problems[0].message);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

/** Services that call the ones behind them, a database and a cache, and a run of them. */
function cell(number) {
  const name = (i) => `s${number}x${i}`;
  const lines = [
    `const orders${number} = database({ connections: 20, read: "4ms", write: lognormal({ mean: "9ms", p99: "40ms" }) });`,
    `const near${number} = cache({ get: "0.4ms", hitRatio: 0.85 });`,
  ];
  for (let i = nodes - 3; i >= 0; i--) {
    const calls = [1, 2, 5].filter((k) => i + k < nodes - 2).map((k) => `${name(i + k)}.call("show")`);
    const own =
      i % 3 === 0
        ? [`near${number}.get({ miss: [orders${number}.read()] })`]
        : [`retry({ times: 2, backoff: "5ms" }, [orders${number}.write()])`];
    lines.push(
      `const ${name(i)} = service({ replicas: 2, threads: 8, ops: { show: [cpu("${1 + (i % 7)}ms"), ${[...own, ...calls].join(", ")}] } });`,
    );
  }
  const names = Array.from({ length: nodes - 2 }, (_, i) => name(i)).join(", ");
  lines.push(
    `const shop${number} = model({ ${names}, orders${number}, near${number} }, { to: ${name(0)}, rate: "100rps", mix: { show: 1 } });`,
    `const started${number} = () => shop${number}.run({ until: "1s", runs: 1 });`,
    `const asked${number} = async () => (await started${number}()).estimate("${name(7)}.show.latency.p99").mean;`,
  );
  return lines.join("\n");
}

const imports = cpuOf('import { cache, cpu, database, lognormal, model, retry, service } from "architech";');
const [first, ...later] = Array.from({ length: 6 }, (_, i) => cpuOf(cell(i)));
console.log(JSON.stringify({ imports, first, later: median(later) }));
process.exit();
