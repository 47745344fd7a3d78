declare const why: unique symbol;

/** A type that no value has. Its argument says why the value beside it is refused: the compiler prints it. */
export interface Wrong<Why extends string> {
  readonly [why]: Why;
}

/** What a value must be besides itself: nothing more where there is no reason, else something that no value is. */
export type Judgement<Why extends string> = [Why] extends [never] ? unknown : Wrong<Why>;
