import type { Context } from "mocha";
import { findProgram } from "./programs.js";

/** Skips a test or a suite for want of something outside, saying what; in CI that is a failure. */
export function missing(context: Context, what: string): never {
  if (process.env["CI"] === "true") throw new Error(`in CI this must be there: ${what}`);
  console.log(`      skipped for want of ${what}`);
  return context.skip();
}

/** The path of a program, without which the test or suite is skipped. */
export function needed(context: Context, program: string): string {
  return findProgram(program) ?? missing(context, program);
}
