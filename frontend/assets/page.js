/** What the shop's pages share: elements, money, and what is said when something does not work. */
import { Refusal, reference, retryTime } from './api.js';
import { count } from './basket.js';

export function element(tag, text, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An amount as people write it. It comes in whole cents, so no sum is ever made with fractions. */
export function money(cents) {
  return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);
}

/** A phone number without what people write between its digits: the API takes the digits only. */
export function dialled(text) {
  return text.replace(/[\s()./\-\u2010-\u2015]/g, '');
}

const status = document.querySelector('#status');

/** Shows one state in the live region. Texts of others enter the page as text only. */
export function show(state, title = '', ...details) {
  status.dataset.state = state;
  status.replaceChildren(...(title ? [element('p', title, { class: 'title' }), ...details] : []));
}

/** Says why something did not work, and what to do. */
export function showFailure(error, title) {
  if (!(error instanceof Refusal)) {
    show('outage', title, element('p', 'The service could not be reached. Please check your connection and try again.'));
    return;
  }
  const { response, body } = error;
  const details = [];
  if (error.status === 401) {
    details.push(element('p', '', {}, 'Please ', element('a', 'sign in', { href: `/account?next=${encodeURIComponent(location.pathname)}` }), ' first.'));
  } else if (error.status === 429) {
    details.push(element('p', `Too many people at once. Please try again ${retryTime(response)}.`));
  } else if (body === null || error.status >= 500) {
    details.push(element('p', `The fault is ours. Please try again ${retryTime(response)}.`));
  } else {
    details.push(element('p', body.detail ?? ''), ...(body.errors ?? []).map((fault) => element('p', `${fault.pointer.slice(1)} ${fault.detail}.`)));
  }
  const id = error.status >= 500 && reference(response, body);
  if (id) details.push(element('p', 'Reference: ', { class: 'reference' }, element('code', id)));
  show(error.status === 401 ? 'signed-out' : 'outage', title, ...details);
}

/** Runs what a button starts, once at a time, and says so while it runs. */
export function onBusy(button, busyText, work) {
  const label = button.querySelector('.label') ?? button;
  const text = label.textContent;
  return async (event) => {
    event?.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    label.textContent = busyText;
    try {
      await work(event);
    } finally {
      button.disabled = false;
      label.textContent = text;
    }
  };
}

function showCount() {
  const link = document.querySelector('nav a[href="/basket"]');
  if (link) link.textContent = count() ? `Basket (${count()})` : 'Basket';
}

document.addEventListener('basket', showCount);
addEventListener('storage', showCount); // another tab's
showCount();
