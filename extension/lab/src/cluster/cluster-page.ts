import { isFinal, type RunInfo } from "@architech/protocol";
import { Widget } from "@lumino/widgets";
import type { ClusterClient } from "./cluster-client.js";
import type { ClusterState } from "./cluster-state.js";
import { History } from "./history.js";
import { sparkline } from "./sparkline.js";
import { ago, count, short } from "./words.js";

const everyMs = 2_000;
const runsShown = 12;

/** Who works together, and what there is to do, as it is now and was in the last minutes. */
export class ClusterPage extends Widget {
  readonly #client: ClusterClient;
  readonly #limit = 150;
  readonly #history: History = new History(this.#limit);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking = false;

  constructor(client: ClusterClient) {
    super();
    this.#client = client;
    this.addClass("architech-Cluster");
    this.node.tabIndex = -1;
  }

  protected override onAfterShow(): void {
    void this.#look();
  }

  protected override onAfterAttach(): void {
    if (this.isVisible) void this.#look();
  }

  protected override onBeforeDetach(): void {
    clearTimeout(this.#timer);
  }

  protected override onBeforeHide(): void {
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    clearTimeout(this.#timer);
    try {
      const state = await this.#client.look();
      this.#history.add(state);
      this.#show(state);
    } catch (error) {
      this.#say((error as Error).message);
    } finally {
      this.#looking = false;
      // A page that nobody sees asks for nothing.
      if (this.isVisible) this.#timer = setTimeout(() => void this.#look(), everyMs);
    }
  }

  /** What was shown stays, with a word on why it is old. */
  #say(message: string): void {
    let notice = this.node.querySelector(".architech-Cluster-notice");
    if (notice === null) {
      notice = element("p", "architech-Cluster-notice");
      this.node.prepend(notice);
    }
    notice.textContent = `The server does not tell how it is: ${message}. It is asked again.`;
  }

  #show(state: ClusterState): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset["run"];
    this.node.replaceChildren(
      element("h1", "", state.cluster ? "The cluster" : "This process"),
      ...(state.connected
        ? []
        : [element("p", "architech-Cluster-notice", "The bus is away: this is what was known last.")]),
      this.#figures(state),
      this.#runs(state),
      services(state),
      workers(state),
    );
    if (focused !== undefined) this.node.querySelector<HTMLElement>(`[data-run="${CSS.escape(focused)}"]`)?.focus();
  }

  #figures({ lanes, cluster, runs }: ClusterState): HTMLElement {
    const { samples } = this.#history;
    const now = samples.at(-1)!;
    const over = (of: (sample: (typeof samples)[number]) => number): SVGSVGElement =>
      sparkline(samples.map(of), this.#limit);
    const box = element("div", "architech-Cluster-figures");
    const waiting = lanes.map(({ name, waiting }) => `${waiting} ${name}`).join(", ");
    box.append(
      figure(
        "tasks to do",
        short(now.left),
        cluster && waiting !== "" ? `chunks waiting: ${waiting}` : "",
        over(({ left }) => left),
      ),
      figure(
        "threads at work",
        `${now.busy} of ${now.threads}`,
        "",
        over(({ busy }) => busy),
      ),
      figure(
        "events a second",
        short(now.rate),
        "",
        over(({ rate }) => rate),
      ),
      figure(
        "runs under way",
        runs === undefined ? "–" : String(runs.filter(isOpen).length),
        runs === undefined ? "no service of runs answers" : "",
      ),
    );
    return box;
  }

  #runs({ runs = [], at }: ClusterState): HTMLElement {
    const shown = [...runs.filter(isOpen), ...runs.filter((run) => !isOpen(run))].slice(0, runsShown);
    const rows = shown.map((run) => [
      run.kind,
      run.cached ? "known already" : run.state,
      progress(run),
      run.error?.message ?? (run.ended === undefined ? `for ${ago(at - run.created)}` : `${ago(at - run.ended)} ago`),
      isOpen(run) ? this.#cancelButton(run) : "",
    ]);
    return section("Runs", ["", "state", "tasks", "", ""], rows, "No run yet: run a cell of a notebook.");
  }

  #cancelButton({ id }: RunInfo): HTMLElement {
    const button = document.createElement("button");
    button.className = "jp-mod-styled jp-mod-minimal";
    button.textContent = "Cancel";
    button.dataset["run"] = id;
    button.onclick = () => {
      button.disabled = true;
      this.#client.cancel(id).then(
        () => this.#look(),
        (error: Error) => this.#say(error.message),
      );
    };
    return button;
  }
}

function isOpen({ state }: RunInfo): boolean {
  return !isFinal(state);
}

function services({ services, at }: ClusterState): HTMLElement {
  return section(
    "Services",
    ["does", "", "at", "kernels", "streams", "for", "version"],
    services.map(({ roles, ready, url, load, since, version }) => [
      roles.join(", "),
      ready ? "ready" : "about to end",
      url,
      String(load.kernels),
      String(load.streams),
      ago(at - since),
      version,
    ]),
    "No service says that it is there.",
  );
}

function workers({ workers, at, cluster }: ClusterState): HTMLElement {
  return section(
    cluster ? count(workers.length, "worker") : "Threads",
    ["", "at work", "tasks done", "events", "for"],
    workers.map(({ id, threads, busy, tasks, events, since }) => [
      id.slice(0, 8),
      `${Math.min(busy, threads)} of ${threads}`,
      short(tasks),
      short(events),
      ago(at - since),
    ]),
    "No worker is there: runs wait. Start one with “architech worker --bus …”.",
  );
}

function progress({ done, total }: RunInfo): HTMLElement {
  const box = element("span", "architech-Cluster-progress");
  const bar = document.createElement("progress");
  bar.max = Math.max(1, total);
  bar.value = done;
  box.append(bar, element("span", "", `${short(Math.floor(done))} of ${short(total)}`));
  return box;
}

function figure(name: string, value: string, more: string, line?: SVGSVGElement): HTMLElement {
  const box = element("div", "architech-Cluster-figure");
  box.append(element("span", "architech-Cluster-name", name), element("strong", "", value));
  if (line !== undefined) box.append(line);
  box.append(element("span", "architech-Cluster-more", more));
  return box;
}

function section(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly (string | HTMLElement)[])[],
  none: string,
): HTMLElement {
  const box = element("section", "");
  box.append(element("h2", "", title));
  if (rows.length === 0) {
    box.append(element("p", "architech-Cluster-none", none));
    return box;
  }
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of heads) {
    const cell = document.createElement("th");
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().append(value);
  }
  box.append(table);
  return box;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}
