/** Jupyter counts characters, JavaScript UTF-16 units: an offset of JavaScript's from one of Jupyter's. */
export function unitsOf(code: string, characters: number): number {
  let units = 0;
  for (let seen = 0; seen < characters && units < code.length; seen += 1)
    units += (code.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

/** The other way round. */
export function charactersOf(code: string, units: number): number {
  let characters = 0;
  for (let at = 0; at < units; characters += 1) at += (code.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return characters;
}
