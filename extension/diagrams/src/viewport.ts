interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const most = 8;

/** The part of a picture that is seen: moved and magnified through the picture's view box. */
export class Viewport {
  readonly #svg: SVGSVGElement;
  readonly #whole: Frame;
  #seen: Frame;

  /** Keeps what was seen of a former picture of the same size, so that an edit does not move the view. */
  constructor(svg: SVGSVGElement, former?: Viewport) {
    this.#svg = svg;
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.#whole = { x, y, width, height };
    const same = former !== undefined && former.#whole.width === width && former.#whole.height === height;
    this.#seen = same ? former.#seen : this.#whole;
    this.#apply();
  }

  /** Everything. */
  reset(): void {
    this.#seen = this.#whole;
    this.#apply();
  }

  /** Shows `factor` times as much, around a point on the screen (default: the middle). */
  zoom(factor: number, around?: { readonly clientX: number; readonly clientY: number }): void {
    const width = Math.min(this.#whole.width * 2, Math.max(this.#whole.width / most, this.#seen.width * factor));
    const scale = width / this.#seen.width;
    const at =
      around === undefined
        ? { x: this.#seen.x + this.#seen.width / 2, y: this.#seen.y + this.#seen.height / 2 }
        : this.#point(around);
    this.#seen = {
      x: at.x - (at.x - this.#seen.x) * scale,
      y: at.y - (at.y - this.#seen.y) * scale,
      width,
      height: this.#seen.height * scale,
    };
    this.#apply();
  }

  /** Moves the picture by pixels of the screen. */
  pan(dx: number, dy: number): void {
    const scale = this.#svg.getScreenCTM()?.a ?? 1;
    this.#seen = { ...this.#seen, x: this.#seen.x - dx / scale, y: this.#seen.y - dy / scale };
    this.#apply();
  }

  #point({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): { x: number; y: number } {
    const matrix = this.#svg.getScreenCTM()?.inverse();
    if (matrix === undefined) return { x: this.#seen.x, y: this.#seen.y };
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix);
    return { x, y };
  }

  #apply(): void {
    const { x, y, width, height } = this.#seen;
    this.#svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  }
}
