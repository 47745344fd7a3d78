import type { Locator, Page } from "playwright-core";

/** The charts of the notebook in front. */
export function charts(page: Page): Locator {
  return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .architech-Chart");
}

/** A chart's drawing under its axes: the marks, which nothing but data changes. */
export function drawing(chart: Locator): Promise<string> {
  return chart.locator(".architech-Chart-picture").evaluate(marksOf);
}

/** Waits until a chart is drawn, its run is over, and nothing is to be said of it. */
export async function untilFinished(chart: Locator): Promise<void> {
  await chart.locator(".architech-Chart-picture > svg [aria-label='line'] path").first().waitFor();
  await chart.locator(".architech-Chart-status").waitFor({ state: "hidden" });
}

/**
 * Starts to note each different drawing of a chart while its run goes on.
 * Returns what gives the number of them so far.
 */
export async function countDrawings(chart: Locator): Promise<() => Promise<number>> {
  const picture = chart.locator(".architech-Chart-picture");
  const handle = await picture.evaluateHandle((node) => {
    const seen = new Set<string>();
    const look = (): void => {
      const status = node.parentElement?.querySelector<HTMLElement>(".architech-Chart-status");
      const lines = [...node.querySelectorAll("[aria-label='line'] path, [aria-label='area'] path")];
      if (status?.dataset["state"] === "live" && !status.hidden && lines.length > 0)
        seen.add(lines.map((line) => line.getAttribute("d")).join());
    };
    new MutationObserver(look).observe(node, { childList: true });
    look();
    return seen;
  });
  return () => handle.evaluate((seen) => seen.size);
}

function marksOf(picture: Element): string {
  return [...picture.querySelectorAll("[aria-label='line'] path, [aria-label='area'] path")]
    .map((line) => line.getAttribute("d"))
    .join("\n");
}
