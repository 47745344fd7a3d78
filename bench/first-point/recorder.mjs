/**
 * Runs in the page, before anything else of it: notes on the page's own clock when a cell is run by its key, and each
 * drawing of a chart after that, with the number of points it shows.
 */
export function recorder() {
  const record = { run: 0, drawings: [] };
  globalThis.benchRecord = record;
  document.addEventListener(
    "keydown",
    ({ key, ctrlKey }) => {
      if (key !== "Enter" || !ctrlKey) return;
      record.run = performance.now();
      record.drawings = [];
    },
    true,
  );
  const isDrawing = ({ target, addedNodes }) =>
    target instanceof Element &&
    target.matches(".architech-Chart-picture") &&
    [...addedNodes].some((node) => node instanceof SVGElement);
  const look = (changes) => {
    for (const change of changes.filter(isDrawing)) {
      const status = change.target.parentElement.querySelector(".architech-Chart-status");
      // A line has a "M" or "L" for each of its points.
      const lines = [...change.target.querySelectorAll("[aria-label='line'] path")];
      const points = lines.reduce((sum, line) => sum + (line.getAttribute("d")?.match(/[ML]/g)?.length ?? 0), 0);
      const live = status !== null && !status.hidden && status.dataset.state === "live";
      record.drawings.push({ at: performance.now(), points, live });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}
