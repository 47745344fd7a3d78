import type { Distribution } from "./distribution.js";

/** One place of a program that draws: what it draws, and the name of its random stream. */
export interface SamplingSite {
  readonly stream: string;
  readonly from: Distribution;
}
