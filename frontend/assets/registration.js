/** The registration page: checks the form, posts it to the API and says what became of it. */

import { pause, reference, retryAfter, retryTime, send as sendTo } from './api.js';
import { dialled, element, show } from './page.js';

const SLOW_AFTER = 5_000;
const NETWORK_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;

const form = document.querySelector('#registration');
const button = form.querySelector('button[type=submit]');
const status = document.querySelector('#status');
const registered = document.querySelector('#registered');
const fields = [form.elements.name, form.elements.email, form.elements.phone];

const RULES = {
  name: { limit: 100, missing: 'Enter your name.', tooLong: 'Use a name of at most 100 characters.' },
  email: {
    limit: 254,
    missing: 'Enter your email address.',
    malformed: 'Enter an address like name@example.com.',
    tooLong: 'Use an address of at most 254 characters.',
  },
  phone: { form: /^\+[1-9][0-9]{6,14}$/, malformed: 'Enter a number like +44 20 7946 0958, beginning with + and the country code.' },
};

// A registration whose outcome is not known yet: { text, details, key }. The same details sent again are the same request, under the same key.
let unanswered = null;

/** What a field holds, without what people put around it: the API takes phone numbers as digits only. */
function entered(field) {
  return field === form.elements.phone ? dialled(field.value) : field.value.trim();
}

/** What is wrong with a field by the browser's own constraints and the contract's limits, or ''. */
function fault(field) {
  const rule = RULES[field.name];
  const value = entered(field);
  if (value === '') return rule.missing ?? '';
  // Counted in characters as the contract counts them, not in UTF-16 units, which maxlength would silently cut at.
  if ([...value].length > rule.limit) return rule.tooLong;
  if (field.validity.typeMismatch || field.validity.patternMismatch || rule.form?.test(value) === false) return rule.malformed;
  return '';
}

function mark(field, message) {
  document.querySelector(`#${field.name}-error`).textContent = message;
  if (message) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

/** Marks the fields named by [{field, message}], lists the faults and leads to the first field. */
function showFaults(state, title, faults) {
  for (const field of fields) mark(field, faults.find((f) => f.field === field)?.message ?? '');
  const list = document.createElement('ul');
  for (const { field, message } of faults) {
    const item = document.createElement('li');
    if (field) item.append(element('a', message, { href: `#${field.id}` }));
    else item.textContent = message;
    list.append(item);
  }
  show(state, title, list);
  (faults.find((f) => f.field)?.field ?? button).focus();
}

function showFailure(state, title, text, reference) {
  const details = [element('p', text)];
  if (reference) {
    const line = element('p', 'Reference: ', { class: 'reference' });
    line.append(element('code', reference, { id: 'correlation-id' }));
    details.push(line);
  }
  show(state, title, ...details);
  button.focus();
}

function showRegistered(user) {
  document.querySelector('#user-id').textContent = user.userId;
  const createdAt = document.querySelector('#created-at');
  createdAt.dateTime = user.createdAt;
  createdAt.textContent = new Date(user.createdAt).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' });
  form.reset();
  form.hidden = true;
  registered.hidden = false;
  show('success', 'You are registered', element('p', `Thank you, ${user.name}. Your account belongs to ${user.email}.`));
  status.focus();
}

function showAnswer(response, body) {
  if (response.status === 201 && body?.userId) {
    showRegistered(body);
  } else if (response.status === 429) {
    showFailure('throttled', 'Too many registrations at once', `Your details are still in the form. Please try again ${retryTime(response)}.`,
      reference(response, body));
  } else if (body === null || response.ok || response.status >= 500) {
    showFailure('outage', 'Registration is not available right now',
      `The fault is ours. Your details are still in the form: please try again ${retryTime(response)}.`, reference(response, body));
  } else if (response.status === 409) {
    showFaults('conflict', 'This address has an account already',
      [{ field: form.elements.email, message: 'This email address is already registered. Use another one.' }]);
  } else if (response.status === 400 && Array.isArray(body.errors) && body.errors.length > 0) {
    const faults = body.errors.map((error) => {
      const field = fields.find((f) => error.pointer === `/${f.name}`);
      const subject = field?.labels[0].textContent ?? (error.pointer?.slice(1) || 'The request');
      // The API's detail continues the name of what it is about: "must not be blank".
      return { field, message: `${subject} ${error.detail ?? 'is not valid'}.` };
    });
    showFaults('invalid', 'Please check what you entered', faults);
  } else {
    showFailure('rejected', 'Your registration was not accepted', 'Please check what you entered. If it looks right, reload the page and try again.',
      reference(response, body));
  }
}

/** Sends a registration, and once more if the network failed or the service was away for a moment: under its key it counts once. */
async function register(registration) {
  let milliseconds;
  try {
    const answer = await send(registration);
    if (answer[0].status !== 503) return answer;
    milliseconds = Math.min((retryAfter(answer[0]) || 1) * 1000, LONGEST_PAUSE);
  } catch (error) {
    // Whoever has waited that long is told so, and may try again.
    if (error.name === 'TimeoutError') throw error;
    milliseconds = NETWORK_PAUSE;
  }
  await pause(milliseconds);
  return send(registration);
}

function send({ details, key }) {
  // A structured field's string, as draft-ietf-httpapi-idempotency-key-header has it.
  return sendTo('POST', '/users', { json: details, headers: { 'Idempotency-Key': `"${key}"` } });
}

function setBusy(busy) {
  button.disabled = busy;
  form.setAttribute('aria-busy', String(busy));
  button.querySelector('.label').textContent = busy ? 'Registering…' : 'Register';
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (form.getAttribute('aria-busy') === 'true') return;

  const faults = fields.map((field) => ({ field, message: fault(field) })).filter((f) => f.message);
  if (faults.length > 0) {
    showFaults('invalid', 'Please check what you entered', faults);
    return;
  }

  for (const field of fields) mark(field, '');
  setBusy(true);
  show('submitting', 'Registering…');
  const slow = setTimeout(() => show('submitting', 'Still working. This takes longer than usual…'), SLOW_AFTER);
  const details = Object.fromEntries(fields.map((field) => [field.name, entered(field)]).filter(([, value]) => value));
  const text = JSON.stringify(details);
  if (unanswered?.text !== text) unanswered = { text, details, key: crypto.randomUUID() };
  const answer = await register(unanswered).catch(() => null);
  if (answer?.[0].status < 500) unanswered = null;
  clearTimeout(slow);
  setBusy(false);
  if (answer) {
    showAnswer(...answer);
  } else {
    // No answer, or none in time: whether the account exists is not known here.
    showFailure('outage', 'The service could not be reached',
      'Your details are still in the form. Trying again is safe: an address registers only once.');
  }
});

// A fault disappears as soon as it is repaired, and appears only on sending: nobody is corrected while typing.
for (const field of fields) {
  field.addEventListener('input', () => {
    if (field.hasAttribute('aria-invalid')) mark(field, fault(field));
  });
}

// A link of the summary leads into the field itself, where a fragment alone would only scroll to it.
status.addEventListener('click', (event) => {
  const target = event.target.closest('a')?.hash;
  if (!target) return;
  event.preventDefault();
  document.querySelector(target).focus();
});

document.querySelector('#again').addEventListener('click', () => {
  registered.hidden = true;
  form.hidden = false;
  show('idle', '');
  form.elements.name.focus();
});

setBusy(false);
