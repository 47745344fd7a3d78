/** Facts that follow from rules: a rule's head holds once all of its body does. Solved in time linear in the rules. */
export class HornRules {
  readonly #heads: number[] = [];
  readonly #missing: number[] = [];
  /** Rules in whose body a fact stands. */
  readonly #uses: number[][] = [];

  /** A new fact, which holds only if a rule says so. */
  fact(): number {
    return this.#uses.push([]) - 1;
  }

  rule(head: number, body: readonly number[]): void {
    const rule = this.#heads.push(head) - 1;
    this.#missing.push(body.length);
    for (const fact of body) this.#uses[fact]!.push(rule);
  }

  /** Which facts hold. */
  solve(): readonly boolean[] {
    const holds = this.#uses.map(() => false);
    const ready = this.#heads.filter((_, rule) => this.#missing[rule] === 0);
    for (let fact = ready.pop(); fact !== undefined; fact = ready.pop()) {
      if (holds[fact]) continue;
      holds[fact] = true;
      for (const rule of this.#uses[fact]!) if (--this.#missing[rule]! === 0) ready.push(this.#heads[rule]!);
    }
    return holds;
  }
}
