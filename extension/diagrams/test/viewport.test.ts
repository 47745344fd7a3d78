import assert from "node:assert/strict";
import { Viewport } from "#src/viewport.js";

/** A picture of 400 × 200 that is shown at twice its size, its corner at (10, 20) of the screen. */
function picture(width = 400, height = 200): { svg: SVGSVGElement; seen(): number[] } {
  let viewBox = `0 0 ${width} ${height}`;
  const matrix = { a: 2, inverse: () => matrix };
  const svg = {
    viewBox: { baseVal: { x: 0, y: 0, width, height } },
    setAttribute: (_name: string, value: string) => (viewBox = value),
    getScreenCTM: () => matrix,
  };
  return { svg: svg as unknown as SVGSVGElement, seen: () => viewBox.split(" ").map(Number) };
}

describe("Viewport", () => {
  before(() => {
    class DOMPoint {
      readonly x: number;
      readonly y: number;
      constructor(x: number, y: number) {
        this.x = x;
        this.y = y;
      }
      matrixTransform(): { x: number; y: number } {
        return { x: (this.x - 10) / 2, y: (this.y - 20) / 2 };
      }
    }
    Object.assign(globalThis, { DOMPoint });
  });
  after(() => Reflect.deleteProperty(globalThis, "DOMPoint"));

  it("shows everything at first", () => {
    const { svg, seen } = picture();
    new Viewport(svg);
    assert.deepEqual(seen(), [0, 0, 400, 200]);
  });

  it("magnifies around the middle", () => {
    const { svg, seen } = picture();
    new Viewport(svg).zoom(0.5);
    assert.deepEqual(seen(), [100, 50, 200, 100]);
  });

  it("magnifies around a point of the screen, which stays where it is", () => {
    const { svg, seen } = picture();
    // (10, 20) on the screen is the picture's corner.
    new Viewport(svg).zoom(0.5, { clientX: 10, clientY: 20 });
    assert.deepEqual(seen(), [0, 0, 200, 100]);
  });

  it("magnifies at most eight times, and shows at most twice the picture", () => {
    const { svg, seen } = picture();
    const viewport = new Viewport(svg);
    for (let i = 0; i < 100; i++) viewport.zoom(0.5);
    assert.equal(seen()[2], 50);
    for (let i = 0; i < 100; i++) viewport.zoom(2);
    assert.equal(seen()[2], 800);
    assert.equal(seen()[3], 400);
  });

  it("moves with the pointer, by as much of the picture as the screen shows", () => {
    const { svg, seen } = picture();
    new Viewport(svg).pan(20, -10);
    assert.deepEqual(seen(), [-10, 5, 400, 200]);
  });

  it("shows everything again", () => {
    const { svg, seen } = picture();
    const viewport = new Viewport(svg);
    viewport.zoom(0.3);
    viewport.pan(5, 5);
    viewport.reset();
    assert.deepEqual(seen(), [0, 0, 400, 200]);
  });

  it("keeps what was seen of a former picture of the same size, and of no other", () => {
    const former = new Viewport(picture().svg);
    former.zoom(0.5);
    const same = picture();
    new Viewport(same.svg, former);
    assert.deepEqual(same.seen(), [100, 50, 200, 100]);
    const other = picture(500, 200);
    new Viewport(other.svg, former);
    assert.deepEqual(other.seen(), [0, 0, 500, 200]);
  });
});
