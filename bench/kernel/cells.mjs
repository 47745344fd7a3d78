// What kernels and converters are asked, each cell with names of its own.

/** The least that a cell can be; another text each time, since nobody checks the same text twice. */
export const sum = (i) => `${i} + 1`;

/** A cell that declares types and uses them. */
export const typedCell = (i) => `
interface Order${i} { readonly id: number; readonly lines: readonly { readonly price: number; readonly count: number }[] }
const order${i}: Order${i} = { id: ${i}, lines: [{ price: 2.5, count: ${i} }, { price: 1, count: 3 }] };
function total${i}<T extends Order${i}>({ lines }: T): number {
  return lines.reduce((sum, { price, count }) => sum + price * count, 0);
}
total${i}(order${i});
`;
