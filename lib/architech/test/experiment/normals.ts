/** Standard normal draws from a seed (Box–Muller over a multiplicative generator). */
export function normals(seed: number): () => number {
  let state = (seed * 48_271 + 1) % 2_147_483_647;
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
