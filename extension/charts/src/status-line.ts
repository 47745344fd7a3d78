import type { Advance } from "./live-rows.js";

/** What stands below a chart while its run goes on, or when something is to be said of it. */
export class StatusLine {
  readonly node: HTMLElement = element("div", "architech-Chart-status");
  readonly #bar: HTMLProgressElement = element("progress", "architech-Chart-progress");
  readonly #text: HTMLElement = element("span", "architech-Chart-text");
  readonly #button: HTMLButtonElement = element("button", "architech-Chart-button jp-mod-styled jp-mod-small");
  #act: (() => void) | undefined;

  constructor() {
    this.node.hidden = true;
    this.#button.type = "button";
    this.#button.addEventListener("click", () => this.#act?.());
    this.#text.setAttribute("role", "status");
    this.node.append(this.#bar, this.#text, this.#button);
  }

  hide(): void {
    this.node.hidden = true;
  }

  /** `cancel` where the run can be stopped; `thinned`: how many intervals are shown as one, where some are. */
  showProgress(advance: Advance | undefined, cancel: (() => void) | undefined, thinned?: number): void {
    this.node.hidden = false;
    this.node.dataset["state"] = "live";
    this.#bar.hidden = false;
    if (advance === undefined || advance.total === 0) {
      this.#bar.removeAttribute("value");
      this.#text.textContent = "running …";
    } else {
      this.#bar.max = advance.total;
      this.#bar.value = advance.done;
      this.#text.textContent = progressText(advance);
    }
    if (thinned !== undefined)
      this.#text.textContent += ` · in places ${thinned} intervals as one until the run is over`;
    this.#offer("Cancel", cancel);
  }

  /** A sentence, with something to do about it. */
  showNotice(text: string, kind: "info" | "error", action?: { label: string; act: () => void }): void {
    this.node.hidden = false;
    this.node.dataset["state"] = kind;
    this.#bar.hidden = true;
    this.#text.textContent = text;
    this.#offer(action?.label ?? "", action?.act);
  }

  #offer(label: string, act: (() => void) | undefined): void {
    this.#act = act;
    this.#button.textContent = label;
    this.#button.hidden = act === undefined;
  }
}

/** "12 of 45 · 8 s left". */
export function progressText({ done, total, leftMs }: Advance): string {
  const left = leftMs === undefined ? "" : ` · ${durationText(leftMs)} left`;
  return `${Math.floor(done)} of ${total}${left}`;
}

function durationText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
