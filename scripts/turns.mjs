// What several print at once, shown one after another.

/** Shows what who began first prints as it comes, and what the others print, whole, when it is their turn. */
export class Turns {
  #write;
  #isLineBegun = false;
  /** Begun, and not shown to the end. */
  #open = [];

  constructor(write = (text) => void process.stdout.write(text)) {
    this.#write = (text) => {
      if (text.length === 0) return;
      this.#isLineBegun = !text.endsWith("\n");
      write(text);
    };
  }

  /** `print` takes what comes of it, `end` how it ended. */
  begin(title) {
    const turn = { title, kept: [], end: undefined };
    this.#open.push(turn);
    this.#say(this.#isShown(turn) ? `${title} …` : `${title}, beside ${this.#open[0].title} …`);
    return {
      print: (text) => (this.#isShown(turn) ? this.#write(text) : void turn.kept.push(text)),
      end: (outcome) => {
        turn.end = `${title}: ${outcome}`;
        if (!this.#isShown(turn)) this.#say(`${turn.end}; what it printed comes after ${this.#open[0].title}`);
        this.#goOn();
      },
    };
  }

  #isShown(turn) {
    return turn === this.#open[0];
  }

  #goOn() {
    while (this.#open[0]?.end !== undefined) {
      this.#say(this.#open.shift().end);
      const next = this.#open[0];
      if (next === undefined) return;
      this.#say(`${next.title}, what it has printed until now:`);
      for (const text of next.kept.splice(0)) this.#write(text);
    }
  }

  /** A line of its own, whatever is being printed. */
  #say(line) {
    this.#write(`${this.#isLineBegun ? "\n" : ""}${line}\n`);
  }
}

/** Runs acts, so many at once; the first in the list begin first. */
export async function inLanes(count, acts) {
  const waiting = [...acts];
  const lane = async () => {
    for (let act = waiting.shift(); act !== undefined; act = waiting.shift()) await act();
  };
  await Promise.all(Array.from({ length: count }, lane));
}
