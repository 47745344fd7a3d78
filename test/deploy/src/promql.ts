import { parser } from "@prometheus-io/lezer-promql";

/** The series that an expression asks for, by name. Throws for what is no PromQL. */
export function seriesOf(expr: string): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expr}`);
      if (node.name !== "VectorSelector") return;
      const name = node.node.getChild("Identifier");
      if (name === null) throw new Error(`a selector without a name: ${expr}`);
      names.push(expr.slice(name.from, name.to));
    },
  });
  return names;
}

/** An expression of a dashboard with what Grafana puts in place of its variables. */
export const filledIn = (expr: string, rateInterval = "1m"): string =>
  expr.replaceAll("$__rate_interval", rateInterval).replaceAll(/\$(role|instance)\b/g, ".+");

/** The series of a scrape, those of histograms and summaries by the names that can be asked for. */
export function scraped(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of text.split("\n")) {
    const [, declared, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (declared !== undefined)
      for (const end of type === "histogram"
        ? ["_bucket", "_sum", "_count"]
        : type === "summary"
          ? ["_sum", "_count"]
          : [""])
        names.add(declared + end);
  }
  return names;
}
