/** A frame that asks outside of the machine how it goes on. */
export interface Question {
  /** 0 it begins, 1 what was to happen has ended well, 2 it has failed, 3 nobody waits for it any more. */
  readonly moment: number;
  /** Which of the places that ask. */
  readonly number: number;
  /** What the last answer has noted. */
  readonly note: number;
  /** Class, key and deadline of what it works for. */
  readonly kind: number;
  readonly key: number;
  readonly deadline: number;
}

/** How it goes on. */
export interface Answer {
  /** Place in the code. */
  readonly pc: number;
  /** What the frame holds as drawn from now on. */
  readonly drawn: number;
  readonly note: number;
}

/** Decides how frames go on where the program leaves that open. */
export interface Host {
  /** Undefined ends the run. */
  answer(question: Question): Answer | undefined;
}
