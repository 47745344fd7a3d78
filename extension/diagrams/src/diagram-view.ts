import { ArchitechError } from "@architech/protocol";
import { Viewport } from "./viewport.js";

/** A diagram on the page that can be moved and magnified, or the reason why there is none. */
export class DiagramView {
  readonly #node: HTMLElement;
  readonly #canvas: HTMLElement = document.createElement("div");
  #viewport: Viewport | undefined;
  #wanted = 0;

  /** `wheel`: whether the wheel magnifies by itself; else only with the control key, so that a page of outputs scrolls. */
  constructor(node: HTMLElement, { wheel }: { readonly wheel: boolean }) {
    this.#node = node;
    this.#canvas.className = "architech-Diagram-canvas";
    node.append(
      this.#canvas,
      tools(() => this.#viewport),
    );
    this.#canvas.addEventListener("wheel", (event) => this.#onWheel(event, wheel), { passive: false });
    this.#canvas.addEventListener("pointerdown", (event) => this.#onPointerDown(event));
    this.#canvas.addEventListener("dblclick", () => this.#viewport?.reset());
  }

  /** Shows the picture when it is there. When another has been asked for meanwhile, the earlier one is dropped. */
  async show(picture: Promise<SVGSVGElement>): Promise<void> {
    const wanted = ++this.#wanted;
    try {
      const svg = await picture;
      if (wanted !== this.#wanted) return;
      this.#canvas.replaceChildren(svg);
      this.#viewport = new Viewport(svg, this.#viewport);
      this.#node.dataset["state"] = "drawn";
    } catch (error) {
      if (wanted !== this.#wanted) return;
      this.#canvas.replaceChildren(problem(error));
      this.#viewport = undefined;
      this.#node.dataset["state"] = "problem";
    }
  }

  #onWheel(event: WheelEvent, always: boolean): void {
    if (this.#viewport === undefined || !(always || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.#viewport.zoom(Math.exp(event.deltaY * 0.0015), event);
  }

  #onPointerDown(event: PointerEvent): void {
    if (this.#viewport === undefined || event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#canvas.classList.add("jp-mod-panning");
    const move = (moved: PointerEvent): void => this.#viewport?.pan(moved.movementX, moved.movementY);
    const end = (): void => {
      this.#canvas.classList.remove("jp-mod-panning");
      this.#canvas.removeEventListener("pointermove", move);
    };
    this.#canvas.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"] as const)
      this.#canvas.addEventListener(name, end, { once: true });
  }
}

function tools(viewport: () => Viewport | undefined): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "architech-Diagram-tools";
  const button = (text: string, title: string, act: (viewport: Viewport) => void): HTMLButtonElement => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.title = title;
    made.setAttribute("aria-label", title);
    made.addEventListener("click", () => {
      const shown = viewport();
      if (shown !== undefined) act(shown);
    });
    return made;
  };
  bar.append(
    button("+", "Magnify", (shown) => shown.zoom(1 / 1.25)),
    button("−", "Make smaller", (shown) => shown.zoom(1.25)),
    button("⤢", "Show all", (shown) => shown.reset()),
  );
  return bar;
}

/** What is wrong, as text: nothing of a document is ever taken for markup. */
function problem(error: unknown): HTMLElement {
  const node = document.createElement("div");
  node.className = "architech-Diagram-problem";
  node.setAttribute("role", "alert");
  const code = document.createElement("code");
  code.textContent = error instanceof ArchitechError ? error.code : "internal";
  const message = error instanceof Error ? error.message : String(error);
  const where = error instanceof ArchitechError && error.path.length > 0 ? `\nat ${error.path.join(" › ")}` : "";
  node.append("This model cannot be drawn. ", code, `: ${message.slice(0, 500)}${where.slice(0, 300)}`);
  return node;
}
