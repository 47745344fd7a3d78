import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** What is asked of Prometheus for a panel, and what each series is called. */
export type Query = readonly [expr: string, legend: string];

/** One panel, before it has a place. */
export interface Shown {
  readonly title: string;
  readonly description: string;
  /** A unit of Grafana's: `s`, `bytes`, `reqps`, `percentunit`, `short`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** One number instead of lines. */
  readonly stat?: boolean;
}

/** The source that a person chooses at the top of a dashboard. */
export const source = { type: "prometheus", uid: "${datasource}" } as const;

/** In columns of the grid, which has 24. */
const sizes = { lines: { w: 8, h: 8 }, stat: { w: 4, h: 4 } } as const;

export function panelOf({ title, description, unit, queries, stat = false }: Shown): Builder<Panel> {
  const targets = queries.map(([expr, legend], i) =>
    new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode(65 + i))
      .range(),
  );
  const { w, h } = stat ? sizes.stat : sizes.lines;
  const panel = stat
    ? new StatBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    : new TimeseriesBuilder()
        .drawStyle(GraphDrawStyle.Line)
        .fillOpacity(10)
        .min(0)
        .legend(
          new VizLegendOptionsBuilder()
            .displayMode(LegendDisplayMode.List)
            .placement(LegendPlacement.Bottom)
            .showLegend(true)
            .calcs([]),
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  return panel.title(title).description(description).unit(unit).datasource(source).targets(targets).span(w).height(h);
}
