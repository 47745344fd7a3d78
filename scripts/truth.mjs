// node scripts/truth.mjs: runs the tests of truth and writes docs/guide/truth.md, a row for each: what an element is held
// against, and how far off it was. The tests themselves decide whether that is near enough. With names, as in
// node scripts/truth.mjs shedding caches, it renews the sections of those files and leaves the others as they are.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main, node } from "./steps.mjs";

const page = "docs/guide/truth.md";
const head = `# Truth

Each element and policy is simulated and held against something that was not written here: a closed form, a published table, a standard's own pseudocode, or numbers counted by hand. A test passes when the known value lies in the simulation's 99 % interval over twenty replications and that interval is narrower than 2 % of the value. Seeds are fixed, so a deviation is what anyone sees who runs it.

"Exact" is a system in which nothing is drawn, or one that is compared number by number. The formulas are in \`lib/architech/test/truth\`, each with its source. "Event by event" is a policy of which all that happens, and when, is compared with a reference of a few lines in process style, over hundreds of random cases: they are in \`lib/architech/test/reference\`.
`;

const names = process.argv.length > 2 ? process.argv.slice(2) : ["*"];
const folders = ["truth", "reference"];

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "architech-truth-"));
  const notes = join(folder, "notes");
  const report = join(folder, "report.json");
  writeFileSync(notes, "");
  const reporter = ["--reporter", "json", "--reporter-option", `output=${report}`];
  await node(
    [
      "node_modules/mocha/bin/mocha.js",
      ...reporter,
      "--timeout",
      "600000",
      "--exit",
      ...names.flatMap((name) => folders.map((folder) => `lib/architech/build/test/${folder}/${name}.test.js`)),
    ],
    { env: { ARCHITECH_TRUTH: notes } },
  );
  const deviations = new Map();
  for (const line of readFileSync(notes, "utf8")
    .split("\n")
    .filter((line) => line !== "")) {
    const { title, deviation } = JSON.parse(line);
    deviations.set(title, [...(deviations.get(title) ?? []), deviation]);
  }
  const sections = new Map();
  for (const { title, fullTitle } of JSON.parse(readFileSync(report, "utf8")).passes) {
    const section = fullTitle.slice(0, -title.length - 1).replace(/^truth: /, "");
    const all = deviations.get(fullTitle) ?? [];
    const most = all.length === 0 ? "exact" : `${(100 * Math.max(...all)).toFixed(2)} %`;
    const row = `| ${title.replaceAll("|", "\\|")} | ${all.length || "–"} | ${most} |`;
    sections.set(section, [...(sections.get(section) ?? []), row]);
  }
  const tables = new Map(names.includes("*") ? [] : sectionsOf(readFileSync(page, "utf8")));
  for (const [section, rows] of sections) {
    const title = `${section[0].toUpperCase()}${section.slice(1)}`;
    tables.set(title, `| held against | values | largest deviation |\n| --- | --- | --- |\n${rows.join("\n")}\n`);
  }
  const all = [...tables].sort(([a], [b]) => a.localeCompare(b)).map(([title, table]) => `\n## ${title}\n\n${table}`);
  writeFileSync(page, head + all.join(""));
  rmSync(folder, { recursive: true, force: true });
  await node(["node_modules/@biomejs/biome/bin/biome", "format", "--write", page]);
});

/** The tables of the page by their titles. */
function sectionsOf(text) {
  return text
    .split("\n## ")
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section.slice(section.indexOf("|"))]);
}
