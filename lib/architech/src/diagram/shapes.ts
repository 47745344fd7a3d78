import type { BoxKind } from "./graph.js";
import { type Markup, tag } from "./tag.js";

interface Look {
  /** Colour of the border and of the icon. */
  readonly accent: string;
  /** Colour inside. */
  readonly fill: string;
  /** Strokes of the icon in a square of 20. */
  readonly icon: string;
}

/** Nodes that let others go on, or not. */
const policy = { accent: "#b5532a", fill: "#fdf2ec" };

/** What tells the kinds apart beside their shapes: colours that read on light and dark, icons drawn with strokes. */
export const looks: Readonly<Record<BoxKind, Look>> = {
  traffic: {
    accent: "#5c6773",
    fill: "#f3f5f7",
    icon: "M7 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM1.5 17c.3-3.4 2.5-5.2 5.5-5.2s5.2 1.8 5.5 5.2M13 3.8a2.8 2.8 0 0 1 0 5.4M14.5 12c2.4.4 3.8 2.2 4 5",
  },
  service: {
    accent: "#2f6fb3",
    fill: "#eef5fc",
    icon: "M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01M10 6.5h4M10 13.5h4",
  },
  gateway: {
    accent: "#2f6fb3",
    fill: "#eef5fc",
    icon: "M2 10h6l7.5-6.5M8 10h9M8 10l7.5 6.5M11.8 3H16v4M11.8 17H16v-4",
  },
  database: {
    accent: "#7a55b8",
    fill: "#f5f0fb",
    icon: "M3.5 5c0-1.7 2.9-2.5 6.5-2.5s6.5.8 6.5 2.5-2.9 2.5-6.5 2.5S3.5 6.7 3.5 5ZM3.5 5v10c0 1.7 2.9 2.5 6.5 2.5s6.5-.8 6.5-2.5V5M3.5 10c0 1.7 2.9 2.5 6.5 2.5s6.5-.8 6.5-2.5",
  },
  cache: { accent: "#b7791f", fill: "#fdf6e7", icon: "M11.5 2 4 11.5h5L8.5 18 16 8.5h-5z" },
  queue: { accent: "#2b8a6b", fill: "#ecf8f3", icon: "M2 6h3.5v8H2zM8 6h3.5v8H8zM14 6h3.5v8H14z" },
  log: { accent: "#2b8a6b", fill: "#ecf8f3", icon: "M2 5h13M2 10h16M2 15h9M5 3.2v3.6M9 8.2v3.6M13 8.2v3.6M6 13.2v3.6" },
  topic: {
    accent: "#2b8a6b",
    fill: "#ecf8f3",
    icon: "M2 10h5l7-5.5M7 10l7 5.5M7 10h8M16.5 3.5h.01M16.5 10h.01M16.5 16.5h.01",
  },
  job: {
    accent: "#b2497c",
    fill: "#fcf0f5",
    icon: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 5.5V10l3 2",
  },
  worker: {
    accent: "#b2497c",
    fill: "#fcf0f5",
    icon: "M10 12.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM10 2v2.8M10 15.2V18M2 10h2.8M15.2 10H18M4.3 4.3l2 2M13.7 13.7l2 2M4.3 15.7l2-2M13.7 6.3l2-2",
  },
  limiter: { ...policy, icon: "M3 3h14l-5.2 7v6l-3.6 1.8V10z" },
  breaker: { ...policy, icon: "M2 13.5h4.5l7-6.5M13.5 13.5H18M6.5 13.5h.01M13.5 13.5h.01" },
  semaphore: { ...policy, icon: "M4.5 9h11v8h-11zM6.8 9V6a3.2 3.2 0 0 1 6.4 0v3M10 12.2v1.8" },
  concurrency: { ...policy, icon: "M2.5 15a7.5 7.5 0 0 1 15 0M10 15l3.6-5.2M2.5 15h.01M17.5 15h.01" },
  "retry-budget": { ...policy, icon: "M15.6 6.2A6.6 6.6 0 1 0 16.6 10M16.4 2.6v4h-4M10 7v3.2l2 1.4" },
};

const notched = { left: 15, right: 12, top: 0 };

/** How far a kind's outline reaches into its box, where nothing is written. */
export const insets: Readonly<
  Record<BoxKind, { readonly left: number; readonly right: number; readonly top: number }>
> = {
  traffic: { left: 20, right: 16, top: 0 },
  service: { left: 15, right: 10, top: 0 },
  gateway: { left: 18, right: 10, top: 0 },
  database: { left: 15, right: 10, top: 8 },
  cache: { left: 15, right: 12, top: 0 },
  queue: { left: 28, right: 8, top: 0 },
  log: { left: 28, right: 8, top: 0 },
  topic: { left: 28, right: 8, top: 0 },
  worker: { left: 20, right: 16, top: 0 },
  job: { left: 20, right: 16, top: 0 },
  limiter: notched,
  breaker: notched,
  semaphore: notched,
  concurrency: notched,
  "retry-budget": notched,
};

/** The outline of a kind's box at the origin. */
export function outline(kind: BoxKind, w: number, h: number): Markup {
  const { accent, fill } = looks[kind];
  const style = { class: `arch-outline arch-${kind}`, fill, stroke: accent, "stroke-width": 1.5 };
  switch (kind) {
    case "traffic":
      return tag("rect", { ...style, width: w, height: h, rx: h / 2 });
    case "service":
      return tag("rect", { ...style, width: w, height: h, rx: 8 });
    case "gateway": {
      const c = 14;
      return tag("path", { ...style, d: `M${c} 0H${w}V${h}H${c}L0 ${h - c}V${c}Z`, "stroke-linejoin": "round" });
    }
    case "database": {
      const r = 9;
      const body = `M0 ${r}v${h - 2 * r}a${w / 2} ${r} 0 0 0 ${w} 0V${r}a${w / 2} ${r} 0 0 0 ${-w} 0a${w / 2} ${r} 0 0 0 ${w} 0`;
      return tag("path", { ...style, d: body });
    }
    case "cache": {
      const c = 12;
      return tag("path", {
        ...style,
        d: `M${c} 0H${w - c}L${w} ${c}V${h - c}L${w - c} ${h}H${c}L0 ${h - c}V${c}Z`,
        "stroke-linejoin": "round",
      });
    }
    case "queue":
    case "log":
    case "topic": {
      const r = 9;
      return tag("path", {
        ...style,
        d: `M${r} 0H${w - r}a${r} ${h / 2} 0 0 1 0 ${h}H${r}a${r} ${h / 2} 0 0 1 0 ${-h}a${r} ${h / 2} 0 0 1 0 ${h}`,
      });
    }
    case "limiter":
    case "breaker":
    case "semaphore":
    case "concurrency":
    case "retry-budget": {
      const c = 10;
      return tag("path", { ...style, d: `M0 0H${w - c}L${w} ${c}V${h}H${c}L0 ${h - c}Z`, "stroke-linejoin": "round" });
    }
    case "worker":
    case "job": {
      const c = 14;
      return tag("path", {
        ...style,
        d: `M${c} 0H${w - c}L${w} ${h / 2}L${w - c} ${h}H${c}L0 ${h / 2}Z`,
        "stroke-linejoin": "round",
      });
    }
  }
}

/** The icon of a kind, 20 × 20. */
export function icon(kind: BoxKind): Markup {
  return tag("path", {
    class: `arch-icon arch-${kind}`,
    d: looks[kind].icon,
    fill: "none",
    stroke: looks[kind].accent,
    "stroke-width": 1.6,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
}
