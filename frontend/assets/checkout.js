/** The basket's page: what is in it, and the order. */
import { Refusal, pause, retryAfter } from './api.js';
import { basket, change, empty } from './basket.js';
import { element, money, onBusy, show, showFailure } from './page.js';
import { callAs } from './session.js';

const LONGEST_PAUSE = 10_000;

const form = document.querySelector('#checkout');
const lines = document.querySelector('#lines');
const button = form.querySelector('button[type=submit]');

// An order whose outcome is not known yet: { text, key }. The same order sent again is the same request, under the same key.
let unanswered = null;

function row([productId, line]) {
  const quantity = element('input', '', {
    type: 'number', min: 0, max: 100, step: 1, value: line.quantity, 'aria-label': `How many of ${line.name}`,
  });
  quantity.addEventListener('change', () => {
    if (quantity.checkValidity()) change(productId, quantity.valueAsNumber || 0);
    render();
  });
  const remove = element('button', 'Remove', { type: 'button', class: 'quiet', 'aria-label': `Remove ${line.name}` });
  remove.addEventListener('click', () => { change(productId, 0); render(); });
  return element('li', '', { 'data-product': productId }, element('strong', line.name), quantity,
    element('span', money(line.priceCents * line.quantity), { class: 'price' }), remove);
}

function render() {
  const kept = basket();
  lines.replaceChildren(...[...kept].map(row));
  const total = [...kept.values()].reduce((sum, line) => sum + line.priceCents * line.quantity, 0);
  document.querySelector('#total').textContent = money(total);
  form.hidden = kept.size === 0;
  document.querySelector('#empty').hidden = kept.size > 0;
}

/** Places the order, and once more if the network failed or the service was away for a moment: under its key it counts once. */
async function place({ items, key }) {
  const order = { json: { items }, headers: { 'Idempotency-Key': `"${key}"` } };
  try {
    return await callAs('POST', '/orders', order);
  } catch (error) {
    if (error.name === 'TimeoutError' || (error instanceof Refusal && error.status !== 503)) throw error;
    await pause(error instanceof Refusal ? Math.min((retryAfter(error.response) || 1) * 1000, LONGEST_PAUSE) : 1_000);
    return callAs('POST', '/orders', order);
  }
}

form.addEventListener('submit', onBusy(button, 'Placing your order…', async () => {
  const items = [...basket()].map(([productId, { quantity }]) => ({ productId, quantity }));
  const text = JSON.stringify(items);
  if (unanswered?.text !== text) unanswered = { text, items, key: crypto.randomUUID() };
  try {
    const { body } = await place(unanswered);
    unanswered = null;
    empty();
    render();
    document.querySelector('#empty').hidden = true;
    show('success', 'Thank you for your order', element('p', '', {}, `${money(body.totalCents)}, number `, element('code', body.orderId, { id: 'order-id' })),
      element('p', '', {}, element('a', 'Your orders', { href: '/orders' })));
    document.querySelector('#status').focus();
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) unanswered = null;
    showFailure(error, 'Your order was not placed');
  }
}));

addEventListener('storage', render); // another tab's
render();
button.disabled = false;
