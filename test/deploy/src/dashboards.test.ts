import assert from "node:assert/strict";
import { dashboards } from "../../../deploy/build/seeing/dashboards.js";
import { objectives, recorded, windows } from "../../../deploy/build/seeing/objectives.js";
import { filledIn, seriesOf } from "./promql.js";
import { typeErrors } from "./schemas.js";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
  readonly options?: unknown;
  readonly fieldConfig?: { readonly defaults: { readonly custom?: unknown } };
}

// As they are written, not as they are made.
const all = JSON.parse(JSON.stringify(dashboards())) as {
  title: string;
  uid: string;
  panels: Panel[];
  templating: { list: { name: string }[] };
}[];

const sdk = "@grafana/grafana-foundation-sdk";
// A text in JSON is no member of an enumeration, only equal to one.
const declared = [
  "type Plain<T> = T extends string ? `${T}` : T extends (...given: never[]) => unknown ? never : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;",
  `import type { Dashboard, Panel, RowPanel } from "${sdk}/dashboard";`,
  `import type { Dataquery } from "${sdk}/prometheus";`,
  ...["stat", "timeseries"].map((name) => `import type * as ${name} from "${sdk}/${name}";`),
  'type Panelled = Plain<Omit<Panel, "targets">>;',
  'type Target = Plain<Omit<Dataquery, "_implementsDataqueryVariant">>;',
];

function errorsOf({ panels, ...head }: (typeof all)[number]): string[] {
  return typeErrors(declared, [
    { type: 'Plain<Omit<Dashboard, "panels">>', value: head },
    ...panels.flatMap(({ targets = [], ...panel }) =>
      panel.type === "row"
        ? [{ type: "Plain<RowPanel>", value: panel }]
        : [
            { type: "Panelled", value: panel },
            { type: `Plain<${panel.type}.Options>`, value: panel.options },
            ...(panel.type === "timeseries"
              ? [{ type: "Plain<timeseries.FieldConfig>", value: panel.fieldConfig?.defaults.custom }]
              : []),
            ...targets.map((value) => ({ type: "Target", value })),
          ],
    ),
  ]);
}

describe("dashboards", () => {
  it("are what the types of Grafana's own SDK accept, and a misspelt field is not", () => {
    assert.deepEqual(all.flatMap(errorsOf), []);
    const wrong = structuredClone(all[0]!);
    Object.assign(wrong.panels[1]!.options as object, { graphMod: "area" });
    Object.assign(wrong.panels[2]!.targets![0]!, { expresion: "up" });
    assert.match(errorsOf(wrong).join(), /graphMod.*expresion/);
  });

  for (const { title, panels, templating } of all) {
    it(`${title}: its panels have places of their own on the grid, and ids`, () => {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      const taken = new Map<string, string>();
      for (const { title, gridPos } of panels) {
        const { x, y, w, h } = gridPos;
        assert.ok(x >= 0 && x + w <= 24 && w > 0 && h > 0, title);
        for (let column = x; column < x + w; column++)
          for (let line = y; line < y + h; line++) {
            const place = `${column},${line}`;
            assert.equal(taken.get(place), undefined, `${title} lies over ${taken.get(place)}`);
            taken.set(place, title);
          }
      }
    });

    it(`${title}: its queries are PromQL, of the source that is chosen and with variables that there are`, () => {
      const variables = new Set(templating.list.map(({ name }) => name));
      assert.ok(variables.has("datasource"));
      const shown = panels.filter(({ type }) => type !== "row");
      assert.ok(shown.length > 10);
      for (const { title, targets = [], datasource } of shown) {
        assert.equal(datasource?.uid, "${datasource}", title);
        assert.ok(targets.length > 0, title);
        for (const { expr } of targets) {
          assert.ok(seriesOf(filledIn(expr)).length > 0);
          for (const [, name] of expr.matchAll(/\$(\w+)/g))
            assert.ok(name === "__rate_interval" || variables.has(name!), `${title}: $${name}`);
        }
      }
    });
  }

  it("ask for recorded series that are recorded", () => {
    const there = objectives.flatMap((objective) => windows(1).map((window) => recorded(objective, window)));
    const asked = all
      .flatMap(({ panels }) => panels)
      .flatMap(({ targets = [] }) => targets)
      .flatMap(({ expr }) => seriesOf(filledIn(expr)))
      .filter((name) => name.includes(":"));
    assert.ok(asked.length > 0);
    for (const name of asked) assert.ok(there.includes(name), name);
  });
});
