/** The shop's page: products by category, page by page, into the basket. */
import { call } from './api.js';
import { add } from './basket.js';
import { element, money, onBusy, show, showFailure } from './page.js';

const list = document.querySelector('#products');
const more = document.querySelector('#more');
const categories = document.querySelector('#categories');

const PAGE = 8;
let category = new URLSearchParams(location.search).get('category') ?? '';
let cursor = null;

function card(product) {
  const button = element('button', 'Add to basket', { type: 'button', class: 'quiet', 'aria-label': `Add ${product.name} to the basket` });
  button.addEventListener('click', () => {
    if (add(product)) show('success', `${product.name} is in your basket`);
    else show('rejected', 'Your basket is full');
  });
  return element('li', '', { class: 'product', 'data-product': product.productId },
    element('p', product.category, { class: 'category' }),
    element('h2', product.name),
    element('p', product.description),
    element('p', `Made by ${product.supplier}`, { class: 'fine' }),
    element('p', money(product.priceCents), { class: 'price' }),
    button);
}

async function load() {
  const query = new URLSearchParams({ limit: PAGE, ...(category && { category }), ...(cursor && { cursor }) });
  list.setAttribute('aria-busy', 'true');
  try {
    const { body } = await call('GET', `/products?${query}`);
    if (!cursor) list.replaceChildren();
    list.append(...body.products.map(card));
    if (list.childElementCount === 0) list.append(element('li', 'Nothing here yet.', { class: 'fine' }));
    cursor = body.nextCursor ?? null;
    more.hidden = cursor === null;
  } catch (error) {
    showFailure(error, 'The products could not be loaded');
  } finally {
    list.removeAttribute('aria-busy');
  }
}

function choose(chosen) {
  category = chosen;
  cursor = null;
  for (const link of categories.querySelectorAll('a')) {
    if (new URL(link.href).searchParams.get('category') === (chosen || null)) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  return load();
}

categories.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  show('idle');
  choose(new URL(link.href).searchParams.get('category') ?? '');
});

addEventListener('popstate', () => choose(new URLSearchParams(location.search).get('category') ?? ''));
more.addEventListener('click', onBusy(more, 'Loading…', load));

choose(category);
