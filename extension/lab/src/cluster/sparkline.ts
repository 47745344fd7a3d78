const svg = "http://www.w3.org/2000/svg";
const [width, height] = [180, 36];

/** A line of the last values, from 0 to the greatest of them; the newest is at the right. */
export function sparkline(values: readonly number[], limit: number): SVGSVGElement {
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("class", "architech-Cluster-line");
  picture.setAttribute("aria-hidden", "true");
  const most = Math.max(...values, 0);
  const x = (i: number): number => width - ((values.length - 1 - i) * width) / Math.max(1, limit - 1);
  const y = (value: number): number => height - 1 - (most === 0 ? 0 : (value / most) * (height - 3));
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  if (points.length > 1) {
    const area = document.createElementNS(svg, "polygon");
    area.setAttribute("points", `${x(0).toFixed(1)},${height} ${points.join(" ")} ${width},${height}`);
    const line = document.createElementNS(svg, "polyline");
    line.setAttribute("points", points.join(" "));
    picture.append(area, line);
  }
  return picture;
}
