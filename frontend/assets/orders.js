/** The page of one's own orders, the newest first. */
import { element, money, onBusy, show, showFailure } from './page.js';
import { callAs } from './session.js';

const list = document.querySelector('#orders');
const more = document.querySelector('#more');

const PAGE = 10;
let cursor = null;

function card(order) {
  const placed = element('time', new Date(order.placedAt).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' }), { datetime: order.placedAt });
  return element('li', '', { class: 'order', 'data-order': order.orderId },
    element('h2', '', {}, placed),
    element('p', '', { class: 'fine' }, 'Number ', element('code', order.orderId)),
    element('ul', '', {}, ...order.items.map((item) => element('li', `${item.quantity} × ${item.name}, ${money(item.lineCents)}`))),
    element('p', money(order.totalCents), { class: 'price' }));
}

async function load() {
  try {
    const { body } = await callAs('GET', `/orders?${new URLSearchParams({ limit: PAGE, ...(cursor && { cursor }) })}`);
    list.append(...body.orders.map(card));
    cursor = body.nextCursor ?? null;
    more.hidden = cursor === null;
    document.querySelector('#none').hidden = list.childElementCount > 0;
    show('idle');
  } catch (error) {
    showFailure(error, error.status === 401 ? 'You are not signed in' : 'Your orders could not be loaded');
  } finally {
    list.removeAttribute('aria-busy');
  }
}

more.addEventListener('click', onBusy(more, 'Loading…', load));
load();
