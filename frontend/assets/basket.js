/** What the visitor means to buy: product ids and quantities, kept in this browser. Prices are the API's. */
const KEY = 'juniper.basket';
const MOST_PRODUCTS = 50;
const MOST_OF_ONE = 100;

/** product id => { quantity, name, priceCents }; name and price only to show what was seen. */
export function basket() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return new Map(Object.entries(kept).filter(([, line]) => Number.isInteger(line?.quantity) && line.quantity > 0));
  } catch {
    return new Map();
  }
}

function keep(lines) {
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(lines)));
  document.dispatchEvent(new Event('basket'));
}

/** One more of a product. False if the basket is full. */
export function add({ productId, name, priceCents }) {
  const lines = basket();
  const quantity = (lines.get(productId)?.quantity ?? 0) + 1;
  if (quantity > MOST_OF_ONE || (quantity === 1 && lines.size >= MOST_PRODUCTS)) return false;
  keep(lines.set(productId, { quantity, name, priceCents }));
  return true;
}

/** Sets how many of a product; none takes it out. */
export function change(productId, quantity) {
  const lines = basket();
  const line = lines.get(productId);
  if (!line) return;
  if (quantity > 0) lines.set(productId, { ...line, quantity: Math.min(quantity, MOST_OF_ONE) });
  else lines.delete(productId);
  keep(lines);
}

export function empty() {
  keep(new Map());
}

export function count() {
  return [...basket().values()].reduce((sum, line) => sum + line.quantity, 0);
}
